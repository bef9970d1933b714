package ums.web;

import java.util.List;

/**
 * A list that is returned without paging.
 *
 * @param data its rows
 */
public record Listing<T>(List<T> data) {}
