package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.deque.html.axecore.args.AxeRunOptions;
import com.deque.html.axecore.results.Results;
import com.deque.html.axecore.selenium.AxeBuilder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import orderflow.Http;
import orderflow.OrderflowTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;

/** The console in a real Chromium; skipped where there is none. */
@OrderflowTest
class ConsoleBrowserTest {

  private static final List<Path> CHROMIUM =
      List.of(Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"));
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");

  @LocalServerPort int port;
  @Autowired JdbcTemplate jdbc;

  /** One for all tests: a start takes longer than most of them. */
  private static ChromeDriver browser;

  private String order;

  @BeforeEach
  void makeThingsToShow() {
    String customer = "c-" + UUID.randomUUID();
    order =
        new Http(port)
            .post(
                "/api/orders",
                """
                {"customer":{"id":"%s","email":"minji@example.com","name":"김민지","locale":"ko"},"currency":"KRW",
                 "items":[{"sku":"TS-001","name":"린넨 셔츠","quantity":2,"unitPrice":"39000"}]}\
                """
                    .formatted(customer))
            .json()
            .path("orderId")
            .asText();
  }

  @AfterEach
  void forget() {
    if (browser != null) {
      browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
      browser.executeCdpCommand("Emulation.clearDeviceMetricsOverride", Map.of());
      browser.executeCdpCommand("Emulation.setEmulatedMedia", Map.of("features", List.of()));
      browser.executeCdpCommand("Network.clearBrowserCookies", Map.of());
      browser.get("about:blank");
      browser.manage().logs().get(LogType.BROWSER); // which are then no others' any more
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.quit();
      browser = null;
    }
  }

  @ParameterizedTest
  @CsvSource({"en, light, 1280", "ko, dark, 1280", "en, light, 320"})
  void noScreenHasAnAccessibilityFindingOrBreaksItsPolicy(
      String language, String theme, int width) {
    open(language, true);
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", theme))));
    assertAccessible("/console/login");
    logIn();
    Long letter = deadLetter();
    for (String path :
        List.of(
            "/console",
            "/console/orders",
            "/console/orders/" + order,
            "/console/orders?from=x",
            "/console/orders/" + order + "/returns",
            "/console/reversals/" + reversal(),
            "/console/dead-letters",
            "/console/dead-letters/" + letter,
            "/console/dead-letters/" + letter + "/discard",
            "/console/dead-letters/replay?consumer=coupon-consumer",
            "/console/operations",
            "/console/operations/" + operation(),
            "/console/imports",
            "/console/mails",
            "/console/customers",
            "/console/coupons",
            "/console/coupons/new",
            "/console/system",
            "/console/audit",
            "/console/nothing",
            "/mailbox")) {
      assertAccessible(path);
      assertThat(
              (Boolean)
                  browser.executeScript(
                      "return document.documentElement.scrollWidth <= window.innerWidth"))
          .as("%s fits %s px", path, width)
          .isTrue();
    }
    List<String> broken =
        browser.manage().logs().get(LogType.BROWSER).getAll().stream()
            .map(Object::toString)
            .filter(line -> line.contains("Content Security Policy") || line.contains("Uncaught"))
            .toList();
    assertThat(broken).isEmpty();
  }

  @Test
  void aPersonWithAKeyboardFindsAnOrderAndSendsItsMailAgain() {
    await()
        .until(
            () ->
                new Http(port)
                    .get("/api/orders/" + order)
                    .json()
                    .at("/effects/email/status")
                    .asText(),
            "DONE"::equals);
    open("en", true);
    logIn();

    browser.switchTo().activeElement().sendKeys("/");
    assertThat(focused().getAttribute("id")).isEqualTo("search");
    focused().sendKeys(order, Keys.ENTER);
    awaitTitle("Order ");
    focused().sendKeys("g");
    focused().sendKeys("o");
    awaitTitle("Orders");
    focused().sendKeys("j");
    assertThat(focused().getTagName()).isEqualTo("a");
    focused().sendKeys(Keys.ENTER);
    awaitTitle("Order ");
    browser.get(url("/console/orders/" + order));
    tabTo("Send the mail again");
    focused().sendKeys(Keys.ENTER);

    await().until(() -> browser.getCurrentUrl().endsWith("?done=resent"));
    assertThat(browser.findElement(By.cssSelector("[role=status]")).getText()).contains("queued");
  }

  @Test
  void aDeadLetterIsFoundEditedTriedAndReplayed() {
    String customer = "c-" + UUID.randomUUID();
    Long letter =
        deadLetter(
            "point-consumer",
            "{\"orderId\":\"%s\",\"customer\":{\"id\":\"%s\"},\"total\":\"-500\"}"
                .formatted(UUID.randomUUID(), customer));
    open("en", true);
    logIn();

    focused().sendKeys("/");
    focused().sendKeys(letter.toString(), Keys.ENTER);
    awaitTitle("Dead letter");
    press("Dry run");
    assertThat(browser.findElement(By.cssSelector("main [role=status]")).getText())
        .contains("would fail");
    WebElement editor = browser.findElement(By.id("payload"));
    String typed = editor.getAttribute("value").replace("-500", "500");
    editor.clear();
    editor.sendKeys(typed);
    press("Save");
    await().until(() -> browser.getCurrentUrl().endsWith("?done=edited"));
    assertThat(browser.findElement(By.cssSelector(".diff ins")).getText()).contains("\"500\"");
    press("Dry run");
    assertThat(browser.findElement(By.cssSelector("main [role=status]")).getText())
        .contains("would work");
    press("Replay as edited");

    await()
        .until(
            () ->
                new Http(port)
                    .get("/api/customers/" + customer + "/points")
                    .json()
                    .path("balance")
                    .asInt(),
            balance -> balance == 5);
  }

  private void press(String button) {
    browser.findElement(By.xpath("//main//button[text()='" + button + "']")).click();
  }

  @Test
  void aPersonWithAKeyboardTakesOneUnitBack() {
    open("en", true);
    logIn();
    browser.get(url("/console/orders/" + order));

    tabTo("Return…");
    focused().sendKeys(Keys.ENTER);
    awaitTitle("Return from order ");
    WebElement quantity = browser.findElement(By.id("quantity-0"));
    quantity.sendKeys(Keys.ARROW_UP, Keys.ENTER);
    await().until(() -> browser.getTitle().contains("?"));
    assertThat(browser.findElement(By.tagName("main")).getText())
        .contains("Nothing has happened yet.", "₩39,000");
    assertAccessible();
    tabTo("Return, refund ₩39,000");
    focused().sendKeys(Keys.ENTER);

    await().until(() -> browser.getCurrentUrl().endsWith("?done=returns"));
    assertThat(browser.findElement(By.cssSelector("[role=status]")).getText()).contains("booked");
    assertThat(browser.findElement(By.tagName("main")).getText()).contains("Partly returned");
  }

  @Test
  void theFirstTabLeadsPastTheMenuToTheContent() {
    open("en", true);
    logIn();

    focused().sendKeys(Keys.TAB);
    assertThat(focused().getText()).isEqualTo("Skip to the content");
    focused().sendKeys(Keys.ENTER);

    await().until(() -> browser.getCurrentUrl().endsWith("#main"));
  }

  @Test
  void aPersonWithoutScriptsMakesACouponAndChangesTheColours() {
    open("en", false);
    logIn();
    String code = "NOSCRIPT-" + UUID.randomUUID();

    browser.get(url("/console/coupons/new"));
    browser.findElement(By.id("code")).sendKeys(code);
    browser.findElement(By.id("value")).sendKeys("10");
    browser.findElement(By.cssSelector("main form button")).click();
    await()
        .ignoreExceptions()
        .until(() -> browser.findElement(By.tagName("h1")).getText(), ("Coupon " + code)::equals);
    browser.findElement(By.cssSelector("button[name=theme]")).click();

    await()
        .ignoreExceptions()
        .until(
            () -> browser.findElement(By.tagName("html")).getAttribute("data-theme"),
            "dark"::equals);
    assertThat(browser.getCurrentUrl()).contains("/console/coupons/");
  }

  @Test
  void figuresFollowWithoutAReload() {
    open("en", true);
    logIn();
    deadLetter();
    deadLetter();

    WebElement waiting = browser.findElement(By.cssSelector("[data-live=deadLetters]"));
    double before = number(waiting);
    deadLetter();

    await().until(() -> number(waiting) > before);
  }

  private static double number(WebElement figure) {
    return Double.parseDouble(figure.getText().replace(",", "").replace("?", "0"));
  }

  private void assertAccessible(String path) {
    browser.get(url(path));
    assertAccessible();
  }

  private static void assertAccessible() {
    String path = browser.getCurrentUrl();
    AxeRunOptions violationsAlone = new AxeRunOptions();
    violationsAlone.setResultTypes(List.of("violations"));
    Results results =
        new AxeBuilder()
            .setLegacyMode() // else it opens a window for each page, for frames of other sites
            .withOptions(violationsAlone)
            .withTags(
                List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
            .analyze(browser);
    assertThat(results.getViolations())
        .as(path)
        .allSatisfy(
            finding -> assertThat(finding.getHelp() + " " + finding.getNodes()).as(path).isEmpty());
  }

  private static void open(String language, boolean scripts) {
    if (browser == null) {
      browser = start();
    }
    browser.executeCdpCommand(
        "Emulation.setUserAgentOverride",
        Map.of(
            "userAgent",
            String.valueOf(browser.executeScript("return navigator.userAgent")),
            "acceptLanguage",
            language));
    if (!scripts) {
      browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
    }
  }

  private static ChromeDriver start() {
    Path chromium = CHROMIUM.stream().filter(Files::isExecutable).findFirst().orElse(null);
    assumeTrue(
        chromium != null && Files.isExecutable(DRIVER),
        "skipped: there is no chromium with its chromedriver on this machine");
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toString());
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--window-size=1280,900");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, java.util.logging.Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver started =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build(),
            options);
    started.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
    return started;
  }

  private void logIn() {
    browser.get(url("/console"));
    browser.findElement(By.id("key")).sendKeys(OrderflowTest.API_KEY, Keys.ENTER);
    await().until(() -> browser.getCurrentUrl().equals(url("/console")));
  }

  private void awaitTitle(String begin) {
    await().until(() -> browser.getTitle().startsWith(begin));
  }

  private void tabTo(String text) {
    for (int i = 0; i < 60; i++) {
      focused().sendKeys(Keys.TAB);
      if (focused().getText().equals(text)) {
        return;
      }
    }
    throw new AssertionError(text + " can't be reached with Tab");
  }

  private WebElement focused() {
    return browser.switchTo().activeElement();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + port + path;
  }

  private String operation() {
    return new Http(port)
        .send("POST", "/api/dead-letters/replay?consumer=email-consumer&rate=1", "")
        .json()
        .path("operation")
        .asText();
  }

  private String reversal() {
    return new Http(port)
        .post(
            "/api/orders/" + order + "/goodwill",
            "{\"amount\":\"100\",\"why\":\"late\"}",
            "Idempotency-Key",
            "goodwill")
        .json()
        .path("reversalId")
        .asText();
  }

  private Long deadLetter() {
    return deadLetter("coupon-consumer", "{\"couponCode\":\"NONE\"}");
  }

  private Long deadLetter(String consumer, String payload) {
    return jdbc.queryForObject(
        """
        insert into dead_letter (consumer, topic, partition, "offset", payload, error, failed_at)
        values (?, 'order.completed', 0, ?, ?, 'coupon NONE does not exist', now()) returning id
        """,
        Long.class,
        consumer,
        System.nanoTime(),
        payload.getBytes(StandardCharsets.UTF_8));
  }
}
