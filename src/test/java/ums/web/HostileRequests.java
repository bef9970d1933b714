package ums.web;

import java.util.ArrayList;
import java.util.List;
import ums.UmsClient;

/** Requests that no HTTP client sends. */
final class HostileRequests {

    /** Paths that try to reach admin paths through the API or public paths. */
    static final List<String> PATHS = List.of(
            "/admin/api-keys",
            "/api/../admin/api-keys",
            "/api/%2e%2e/admin/api-keys",
            "/api/%2E%2E%2Fadmin/api-keys",
            "/api/..;/admin/api-keys",
            "/api;/../admin/api-keys",
            "/api/messages/..%2f..%2fadmin/api-keys",
            "/api/messages/..%5c..%5cadmin/api-keys",
            "/api/messages/..%252f..%252fadmin/api-keys",
            "/admin;x=/api-keys",
            "/admin/;/api-keys",
            "/admin//api-keys",
            "//admin/api-keys",
            "/./admin/api-keys",
            "/%61dmin/api-keys",
            "/ADMIN/api-keys",
            "/admin/api-keys/",
            "/admin/api-keys%20",
            "/admin/api-keys%00",
            "/admin/api-keys.json",
            "/admin/api-keys?x=/api/",
            "/api/messages/%00",
            "/api/messages/%0d%0aX-Injected:%20yes",
            "/api/messages/%c0%ae%c0%ae/admin",
            "/api/messages/%ff",
            "/inbox/..;/x",
            "/inbox/%2e/1",
            "/inbox/-1",
            "/inbox/99999999999999999999",
            "/actuator",
            "/actuator/env",
            "/actuator/heapdump",
            "/actuator/health",
            "/error?x=<script>",
            "/WEB-INF/web.xml",
            "/META-INF/MANIFEST.MF",
            "/application.yaml");

    private HostileRequests() {}

    /** Complete requests; each character is an octet. */
    static List<String> raw(String key, String body) {
        String credentials = "Host: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key + "\r\n";
        String post = "POST /api/messages HTTP/1.1\r\n" + credentials + "Content-Type: application/json\r\n";
        List<String> requests = new ArrayList<>(List.of(
                "\u0016\u0003\u0001\u0002\u0000\u0001\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/9.9\r\n\r\n",
                "GET /\u0000 HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /nothing HTTP/1.1\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
                "GET /nothing HTTP/1.1\r\nHost: <script>\r\n\r\n",
                "GET http://evil.example/admin/api-keys HTTP/1.1\r\n" + credentials + "\r\n",
                "TRACE /api/messages HTTP/1.1\r\n" + credentials + "\r\n",
                "CONNECT evil.example:443 HTTP/1.1\r\n" + credentials + "\r\n",
                "FORGED /api/messages HTTP/1.1\r\n" + credentials + "\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + "X-A: " + "a".repeat(20_000) + "\r\n\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + "X-A: a\r\n".repeat(2_000) + "\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + "X-A: a\r\n folded\r\n\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + "X-A: a\u0000b\r\n\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + "X A: b\r\n\r\n",
                "GET /api/nothing HTTP/1.1\r\n" + credentials + ": b\r\n\r\n",
                "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n" + credentials + "\r\n",
                post + "Content-Length: -1\r\n\r\n",
                post + "Content-Length: 99999999999999999999\r\n\r\n",
                post + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
                post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
                post + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                post + "Transfer-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
                post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
                post + "Expect: 200-ok\r\nContent-Length: 2\r\n\r\n{}",
                post + "Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\u001f\u008b",
                post + "Content-Length: 2\r\n\r\n{}",
                "POST /api/messages HTTP/1.1\r\n" + credentials + "Content-Type: multipart/form-data; boundary=x\r\n"
                        + "Content-Length: 5\r\n\r\n--x--",
                "POST /api/messages HTTP/1.1\r\n" + credentials
                        + "Content-Type: application/xml\r\nContent-Length: 4\r\n\r\n<a/>",
                "POST /api/messages HTTP/1.1\r\n" + credentials
                        + "Content-Type: \u00ff/\u00fe\r\nContent-Length: 2\r\n\r\n{}",
                "PUT /api/messages HTTP/1.1\r\n" + credentials
                        + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=b",
                "POST /api/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer " + key
                        + "\r\nAuthorization: Bearer other\r\nContent-Length: 2\r\n\r\n{}"));
        for (String value : List.of(
                "",
                "Bearer",
                "Bearer ",
                "Bearer \u00e9",
                "Bearer " + "a".repeat(7_000),
                "Basic",
                "Basic ====",
                "Basic Og==",
                "Basic " + "QQ".repeat(3_000),
                "Digest x",
                "Bearer " + key + " x")) {
            for (String path : List.of("/api/messages", "/admin/audit")) {
                requests.add("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: "
                        + value + "\r\n\r\n");
            }
        }
        for (String header : List.of(
                "Idempotency-Key: " + "k".repeat(256),
                "Accept: text/html",
                "Accept: */",
                "Accept-Language: \u0080",
                "Range: bytes=0-",
                "Cookie: a=b; JSESSIONID=../../x",
                "X-Forwarded-For: <script>",
                "X-HTTP-Method-Override: DELETE")) {
            requests.add(post + header + "\r\nContent-Length: 2\r\n\r\n{}");
        }
        requests.add(post + "Idempotency-Key: \u00e9\u0001\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        return requests;
    }

    /** Each header that UMS reads, with non-ASCII octets: valid and invalid UTF-8. */
    static List<String> octets(String key, String body) {
        String bearer = "Authorization: Bearer " + key + "\r\n";
        String basic = "Authorization: " + UmsClient.basic("admin", UmsClient.ADMIN_PASSWORD) + "\r\n";
        String json = "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n";
        List<String> requests = new ArrayList<>();
        for (String value : List.of("\u00ea\u00b2\u00b0\u00ec\u00a0\u009c", "a\u0080b\u0085c\u009f", "\u00ff")) {
            for (String header : List.of(
                    "Accept",
                    "Accept-Language",
                    "Content-Encoding",
                    "Content-Type",
                    "Cookie",
                    "HX-Request",
                    "Idempotency-Key",
                    "If-Match",
                    "If-Modified-Since",
                    "If-None-Match",
                    "Origin",
                    "Range",
                    "Referer",
                    "User-Agent",
                    "X-CSRF-TOKEN",
                    "X-Forwarded-For",
                    "X-Forwarded-Proto",
                    "traceparent",
                    "tracestate")) {
                String odd = "Host: localhost\r\nConnection: close\r\n" + header + ": " + value + "\r\n";
                requests.add("POST /api/messages HTTP/1.1\r\n" + odd + bearer + json + "\r\n" + body);
                requests.add("POST /api/messages/batch HTTP/1.1\r\n" + odd + bearer + json + "\r\n" + body);
                requests.add("GET /admin/messages HTTP/1.1\r\n" + odd + basic + "\r\n");
                requests.add("GET /console/login HTTP/1.1\r\n" + odd + "\r\n");
                requests.add("GET /docs HTTP/1.1\r\n" + odd + "\r\n");
                requests.add("GET /nothing HTTP/1.1\r\n" + odd + "\r\n");
            }
            requests.add("OPTIONS /api/messages HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + bearer
                    + "Origin: " + value + "\r\n\r\n");
        }
        return requests;
    }

    /** Query strings that are badly escaped, not UTF-8, without names, or with too many parameters. */
    static List<String> queries(String key) {
        String bearer = "Authorization: Bearer " + key + "\r\n";
        String basic = "Authorization: " + UmsClient.basic("admin", UmsClient.ADMIN_PASSWORD) + "\r\n";
        List<String> requests = new ArrayList<>();
        for (String query : List.of(
                "%zz=1",
                "status=%",
                "limit=%ff",
                "to=%c0%af",
                "reference=%ed%a0%80",
                "%00=1",
                "%01=1",
                "=x",
                "&&=",
                "limit=99999999999",
                "wait=x",
                "a&".repeat(1_500))) {
            String rest = "?" + query + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";
            requests.add("GET /api/messages" + rest + bearer + "\r\n");
            requests.add("GET /admin/failures" + rest + basic + "\r\n");
            requests.add("GET /console/login" + rest + "\r\n");
            requests.add("GET /console/language" + rest + "\r\n");
            requests.add("POST /console/login" + rest + "Content-Length: 0\r\n\r\n");
            requests.add("GET /nothing" + rest + "\r\n");
        }
        return requests;
    }
}
