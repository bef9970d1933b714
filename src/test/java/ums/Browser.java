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
 * A real Chromium, one for all tests of this JVM, as people use it: by what is written on fields, buttons and links. It
 * notes every request and every error, for those who ask.
 */
public final class Browser {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Optional<Path> CHROMIUM = program("chromium", "chromium-browser", "google-chrome");
    private static final Optional<Path> DRIVER = program("chromedriver");
    private static final boolean THERE = CHROMIUM.isPresent() && DRIVER.isPresent();
    private static final String AXE = axe();

    static {
        if (!THERE) {
            // To whoever runs the build: the tests' loggers are quiet.
            System.out.println(
                    "The console's stories are passed over: no chromium with its chromedriver is on the PATH.");
        }
    }

    private static Browser only;

    private final ChromeDriver driver;
    private String base = "";
    private String language = "en";

    private Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.orElseThrow().toFile());
        // Root, as in many a container, may run it without its sandbox only.
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

    /** Whether the machine has one; said once where not. */
    public static boolean isThere() {
        return THERE;
    }

    /** Fresh, without cookies, for the service at that address: English, light and wide. */
    public static synchronized Browser at(int port) {
        if (only == null) {
            only = new Browser();
        }
        only.base = "http://127.0.0.1:" + port;
        only.driver.executeCdpCommand("Network.enable", Map.of());
        only.driver.executeCdpCommand("Network.clearBrowserCookies", Map.of());
        only.looks("en", "light", 1280);
        only.driver.get("about:blank");
        only.driver.manage().logs().get(LogType.BROWSER);
        only.driver.manage().logs().get(LogType.PERFORMANCE);
        return only;
    }

    /**
     * As whom it looks.
     *
     * @param theme {@code light} or {@code dark}
     * @param width in CSS pixels
     */
    public void looks(String language, String theme, int width) {
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
        Awaitility.await().atMost(PATIENCE).until(() -> !driver.getCurrentUrl().contains("/login"));
    }

    public void open(String path) {
        driver.get(base + path);
    }

    /** Where it is now, without the host. */
    public String path() {
        return driver.getCurrentUrl().substring(base.length());
    }

    public void follow(String link) {
        untilDone(() -> clickable("a", link).click());
    }

    public void press(String button) {
        untilDone(() -> clickable("button", button).click());
    }

    /** Opens what is folded. */
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

    /** A page that updates itself may have put another in the place of an element that was found. */
    private static void untilDone(ThrowingRunnable action) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .ignoreException(StaleElementReferenceException.class)
                .untilAsserted(action);
    }

    public void choose(String name, String value) {
        driver.findElement(By.cssSelector("[name='" + name + "'][value='" + value + "'], select[name='" + name
                        + "'] option[value='" + value + "']"))
                .click();
    }

    /** Waits until that can be read on the page, which it may update itself. */
    public void sees(String text) {
        Awaitility.await()
                .alias("to see: " + text + " on " + driver.getCurrentUrl())
                .atMost(PATIENCE)
                .until(() -> text().contains(text));
    }

    /** Everything that can be read. */
    public String text() {
        return String.valueOf(driver.executeScript("return document.body.innerText"));
    }

    /** What an element holds that a test looks at by its id. */
    public String textOf(String id) {
        return driver.findElement(By.id(id)).getText();
    }

    public boolean has(String selector) {
        return !driver.findElements(By.cssSelector(selector)).isEmpty();
    }

    public Object script(String script) {
        return driver.executeScript(script);
    }

    /** Nothing is wider than the window. */
    public void fits() {
        assertThat(driver.executeScript("return document.documentElement.scrollWidth <= innerWidth"))
                .as("no overflow on " + driver.getCurrentUrl())
                .isEqualTo(true);
    }

    /** No violation of WCAG 2.2, levels A and AA, as far as a program can tell (axe-core). */
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

    /** What went wrong since it was last asked. */
    public List<String> errors() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(it -> it.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Where it sent requests to since it was last asked, other than to the service. */
    public List<String> strangers() {
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

    /** A picture of the whole page, under {@code target/console}. */
    public void picture(String name) {
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
