package ums.web;

import java.util.List;

/**
 * A list that is shown whole.
 *
 * @param data its rows
 */
public record Listing<T>(List<T> data) {}
