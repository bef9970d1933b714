/** The front door. Nothing imports it. */
@NullMarked
package ums.web;

import org.jspecify.annotations.NullMarked;
