/** Alerts for operators: to the log, to a webhook and as meters. */
@NullMarked
package ums.observability.alert;

import org.jspecify.annotations.NullMarked;
