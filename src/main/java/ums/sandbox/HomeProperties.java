package ums.sandbox;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where UMS keeps its files.
 *
 * @param home the one folder the embedded default writes to; relative to the folder that UMS was started in. A string
 *     and not a path, as Spring would look for a relative path among the class path's folders first
 */
@ConfigurationProperties("ums")
record HomeProperties(@DefaultValue("./data") String home) {}
