package ums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real Chromium, one for all tests of this JVM. Tests use it as people do, by the texts on fields, buttons and links. It
 * records all requests and errors.
 */
public final class Browser {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Optional<Path> CHROMIUM = program("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> DRIVER = program("chromedriver");
    private static final boolean INSTALLED = CHROMIUM.isPresent() && DRIVER.isPresent();
    private static final String AXE = axe();

    static {
        if (!INSTALLED) {
            // Printed and not logged, as the loggers of tests are off.
            System.out.println("The console's stories are skipped: no chromium with its chromedriver is on the PATH.");
        }
    }

    private static Browser only;

    private final ChromeDriver driver;
    private String base = "";
    private String language = "en";

    private Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.orElseThrow().toFile());
        // As root, as in many containers, Chromium runs only without its sandbox.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
        options.addArguments("--disable-background-networking", "--disable-component-update", "--no-first-run");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        File program = DRIVER.orElseThrow().toFile();
        driver = new ChromeDriver(
                new ChromeDriverService.Builder().usingDriverExecutable(program).build(), options);
        driver.executeCdpCommand("Emulation.setTimezoneOverride", Map.of("timezoneId", "Asia/Seoul"));
        Runtime.getRuntime().addShutdownHook(new Thread(driver::quit));
    }

    /** Whether this machine has Chromium and its driver. */
    public static boolean isThere() {
        return INSTALLED;
    }

    /** The browser without cookies, for the service on a port: in English, light and wide. */
    public static synchronized Browser at(int port) {
        if (only == null) {
            only = new Browser();
        }
        only.base = "http://127.0.0.1:" + port;
        only.driver.executeCdpCommand("Network.enable", Map.of());
        only.driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        only.emulate("en", "light", 1280);
        only.driver.get("about:blank");
        only.driver.manage().logs().get(LogType.BROWSER);
        only.driver.manage().logs().get(LogType.PERFORMANCE);
        return only;
    }

    /**
     * Emulates a user's settings.
     *
     * @param theme {@code light} or {@code dark}
     * @param width in CSS pixels
     */
    public void emulate(String language, String theme, int width) {
        this.language = language;
        driver.executeCdpCommand("Network.setExtraHTTPHeaders", Map.of("headers", Map.of("Accept-Language", language)));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
        size(width, 900);
    }

    public void logIn(String name, String password) {
        open("/console");
        fill("name", name);
        fill("password", password);
        driver.findElement(By.cssSelector("button.primary")).click();
        Awaitility.await().atMost(TIMEOUT).until(() -> !driver.getCurrentUrl().contains("/login"));
    }

    public void open(String path) {
        driver.get(base + path);
    }

    /** Path and query of the current page. */
    public String path() {
        return driver.getCurrentUrl().substring(base.length());
    }

    public void follow(String link) {
        untilDone(() -> clickable("a", link).click());
    }

    public void press(String button) {
        untilDone(() -> clickable("button", button).click());
    }

    /** Opens a {@code details} element by its summary. */
    public void unfold(String summary) {
        untilDone(() -> clickable("summary", summary).click());
    }

    public void fill(String field, String value) {
        untilDone(() -> {
            WebElement element = driver.findElement(By.name(field));
            element.clear();
            element.sendKeys(value);
        });
    }

    /** Repeats an action, as a page that updates itself may have replaced an element that was found. */
    private static void untilDone(ThrowingRunnable action) {
        Awaitility.await()
                .atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .ignoreException(StaleElementReferenceException.class)
                .untilAsserted(action);
    }

    public void choose(String name, String value) {
        driver.findElement(By.cssSelector("[name='" + name + "'][value='" + value + "'], select[name='" + name
                        + "'] option[value='" + value + "']"))
                .click();
    }

    /** Waits until the page shows a text, as it may update itself. */
    public void sees(String text) {
        Awaitility.await()
                .alias("to see: " + text + " on " + driver.getCurrentUrl())
                .atMost(TIMEOUT)
                .until(() -> text().contains(text));
    }

    /** The page's visible text. */
    public String text() {
        return String.valueOf(driver.executeScript("return document.body.innerText"));
    }

    /** The text of the element with an id. */
    public String textOf(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    public boolean has(String selector) {
        return !driver.findElements(By.cssSelector(selector)).isEmpty();
    }

    public Object script(String script) {
        return driver.executeScript(script);
    }

    /** Asserts that nothing is wider than the window. */
    public void fits() {
        assertThat(driver.executeScript("return document.documentElement.scrollWidth <= innerWidth"))
                .as("no overflow on " + driver.getCurrentUrl())
                .isEqualTo(true);
    }

    /** Asserts that axe-core finds no violation of WCAG 2.2, levels A and AA. */
    public void isAccessible() {
        driver.executeScript(AXE);
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], iframes: false})
                  .then(result => done(result.violations.map(it =>
                    it.id + ': ' + it.nodes.map(node => node.html + ' ' + node.failureSummary).join(' | '))));
                """);
        assertThat((List<?>) found)
                .as(driver.getCurrentUrl() + " in " + language)
                .isEmpty();
    }

    /** The errors since the last call. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(it -> it.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** The URLs of requests to other hosts since the last call. */
    public List<String> foreignRequests() {
        List<String> strangers = new ArrayList<>();
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE).getAll()) {
            JsonNode message = JsonMapper.shared().readTree(entry.getMessage()).get("message");
            if (message.get("method").stringValue().equals("Network.requestWillBeSent")) {
                String url = message.at("/params/request/url").stringValue();
                if (!url.startsWith(base + "/") && !url.startsWith("data:")) {
                    strangers.add(url);
                }
            }
        }
        return strangers;
    }

    /** Saves a screenshot of the whole page below {@code target/console}. */
    public void screenshot(String name) {
        long width = (Long) driver.executeScript("return innerWidth");
        long height = (Long) driver.executeScript("return document.documentElement.scrollHeight");
        size((int) width, (int) Math.max(700, Math.min(height, 2_400)));
        try {
            Path folder = Files.createDirectories(Path.of("target", "console"));
            Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        size((int) width, 900);
    }

    private void size(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    private WebElement clickable(String tag, String text) {
        List<WebElement> found = driver.findElements(By.tagName(tag)).stream()
                .filter(it -> it.isDisplayed()
                        && it.getText().strip().toLowerCase(Locale.ROOT).equals(text.toLowerCase(Locale.ROOT)))
                .toList();
        assertThat(found)
                .as(tag + " \"" + text + "\" on " + driver.getCurrentUrl() + ": " + text())
                .isNotEmpty();
        return found.getFirst();
    }

    private static Optional<Path> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(
                                System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String axe() {
        try (InputStream script = Browser.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
