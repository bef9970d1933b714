package ums.sandbox;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The folder for the files of UMS.
 *
 * @param home the only folder that the embedded default writes to; relative to the working directory. A string and not
 *     a path, as Spring would resolve a relative path against the class path first
 */
@ConfigurationProperties("ums")
record HomeProperties(@DefaultValue("./data") String home) {}
