/** Lets writes to the database at the same moment share a round trip. */
@NullMarked
package ums.batching;

import org.jspecify.annotations.NullMarked;
