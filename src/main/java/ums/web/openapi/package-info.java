/** The API's description, for programs (OpenAPI 3.1) and for people. */
@NullMarked
package ums.web.openapi;

import org.jspecify.annotations.NullMarked;
