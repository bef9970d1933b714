package ums.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The routes that the service maps. */
public final class RouteTable {

    private RouteTable() {}

    /** Formatted as {@code GET /api/messages/{id}}; a route for any method counts as GET. */
    public static List<String> of(RequestMappingHandlerMapping mapping) {
        List<String> all = new ArrayList<>();
        for (RequestMappingInfo info : mapping.getHandlerMethods().keySet()) {
            Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
            for (String path : info.getPatternValues()) {
                (methods.isEmpty() ? Set.of(RequestMethod.GET) : methods).forEach(it -> all.add(it + " " + path));
            }
        }
        return all;
    }
}
