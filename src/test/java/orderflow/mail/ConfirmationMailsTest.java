package orderflow.mail;

import static orderflow.mail.Events.customer;
import static orderflow.mail.Events.item;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ConfirmationMailsTest {

  @TempDir Path noTemplates;

  @Test
  void koreanMailShowsTheWholeOrder() {
    Received mail = written(event -> {});

    assertThat(mail.text().lines().filter(line -> !line.isEmpty()))
        .containsExactly(
            "김민지 님, 주문해 주셔서 감사합니다.",
            "주문이 완료되었습니다.",
            "주문번호: 42222-22222",
            "주문일: 2026년 11월 22일",
            "- 린넨 셔츠 (TS-001): 2 × ₩39,000 = ₩78,000",
            "상품 금액: ₩78,000",
            "할인 (쿠폰 WELCOME10): −₩7,800",
            "결제 금액: ₩70,200",
            "이 주문으로 702포인트가 적립됩니다.",
            "이 메일은 주문 확인을 위해 자동으로 발송되었습니다.");
    assertThat(mail.html())
        .contains(
            "김민지 님",
            "린넨 셔츠",
            "TS-001",
            ">2<",
            "₩39,000",
            "₩78,000",
            "WELCOME10",
            "−₩7,800",
            "₩70,200",
            "702포인트",
            "2026년 11월 22일",
            "lang=\"ko\"");
  }

  @ParameterizedTest
  @CsvSource({"ko,연락처", "en,Phone", "de,Telefon"})
  void aMailShowsThePhoneWhereThereIsOne(String language, String label) {
    Received with =
        written(event -> customer(event).put("locale", language).put("phone", "010 1234 <5678>"));
    Received without = written(event -> customer(event).put("locale", language));

    assertThat(with.text()).contains(label + ": 010 1234 <5678>");
    assertThat(with.html()).contains("<br>" + label + " 010 1234 &lt;5678&gt;</p>");
    assertThat(without.text()).doesNotContain(label);
    assertThat(without.html()).doesNotContain(label);
  }

  @ParameterizedTest
  @CsvSource({
    "ko,할인 (쿠폰 WELCOME10)",
    "en,Discount (coupon WELCOME10)",
    "de,Rabatt (Gutschein WELCOME10)"
  })
  void aMailShowsWhatAnotherSystemHasSettledUnderItsLabels(String language, String coupon)
      throws Exception {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", language);
              event.put("orderNumber", "#1001").put("total", "73200");
              event.putArray("discounts").addObject().put("label", "<b>Sale").put("amount", "1000");
              event.putArray("charges").addObject().put("label", "Express").put("amount", 3000);
              item(event).remove("sku");
            });

    assertThat(mail.message().getSubject()).endsWith("(#1001)");
    String text = mail.text().replace('.', ',').replaceAll("[₩\u00a0 ]", "");
    assertThat(text)
        .contains(coupon.replace(" ", "") + ":−6,800", "<b>Sale:−1,000", "Express:3,000", "73,200")
        .contains("702")
        .doesNotContain("()");
    assertThat(mail.html()).contains("&lt;b&gt;Sale", ">Express<", "#1001");
  }

  @Test
  void ofALongOrderTheHtmlListsTheFirstItemsAndCountsTheRest() {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", "en");
              ObjectNode item = item(event);
              for (int i = 1; i < 200; i++) {
                event.withArray("items").add(item.deepCopy().put("name", "상품 ".repeat(60) + i));
              }
            });

    int size = mail.html().getBytes(StandardCharsets.UTF_8).length;
    assertThat(size).isBetween(101_000, 102_399);
    int listed = mail.html().split("TS-001", -1).length - 1;
    assertThat(mail.html()).contains("and " + (200 - listed) + " more", "₩70,200");
    assertThat(mail.text().split("TS-001", -1)).hasSize(201);
  }

  @Test
  void whatIsWrittenTheOtherWayIsIsolated() {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", "en").put("name", "דנה");
              item(event).put("name", "قهوة (2)");
            });

    assertThat(mail.text())
        .contains("\u2068דנה\u2069", "- \u2068قهوة (2)\u2069 (TS-001): 2")
        .doesNotContain("\u2068TS-001");
    assertThat(mail.html()).contains("\u2068قهوة (2)\u2069");
  }

  @Test
  void englishMailLeavesOutWhatThereIsNot() {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", "fr-CA").put("name", "O'Neil, Pat");
              event
                  .put("currency", "USD")
                  .put("subtotal", "12.50")
                  .put("discount", "0")
                  .put("total", "12.5");
              event.remove("couponCode");
              event.remove("completedAt");
              item(event).put("name", "Linen shirt").put("quantity", 1).put("unitPrice", "12.50");
            });

    assertThat(mail.text().lines().filter(line -> !line.isEmpty()))
        .containsExactly(
            "Thank you for your order, O'Neil, Pat.",
            "Your order is confirmed.",
            "Order: 42222-22222",
            "- Linen shirt (TS-001): 1 × $12.50 = $12.50",
            "Subtotal: $12.50",
            "Total: $12.50",
            "This mail was sent automatically to confirm your order.");
    assertThat(mail.html())
        .contains("Linen shirt", "$12.50", "lang=\"en\"")
        .doesNotContain("Discount", "points");
  }

  @Test
  void germanMailShowsTheWholeOrder() throws Exception {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", "de-AT").put("name", "Jörg Müller");
              event
                  .put("currency", "EUR")
                  .put("subtotal", "2469.00")
                  .put("discount", "246.90")
                  .put("total", "2222.10");
              item(event).put("name", "Leinenhemd").put("unitPrice", "1234.50");
            });

    assertThat(mail.message().getSubject()).isEqualTo("Bestellbestätigung (42222-22222)");
    assertThat(mail.message().getHeader("Content-Language")).containsExactly("de");
    assertThat(mail.text().replace('\u00a0', ' ').lines().filter(line -> !line.isEmpty()))
        .containsExactly(
            "Vielen Dank für Ihre Bestellung, Jörg Müller.",
            "Ihre Bestellung ist bestätigt.",
            "Bestellnummer: 42222-22222",
            "Bestelldatum: 22. November 2026",
            "- Leinenhemd (TS-001): 2 × 1.234,50 € = 2.469,00 €",
            "Zwischensumme: 2.469,00 €",
            "Rabatt (Gutschein WELCOME10): −246,90 €",
            "Gesamtbetrag: 2.222,10 €",
            "Mit dieser Bestellung sammeln Sie 22 Punkte.",
            "Diese E-Mail wurde automatisch versandt, um Ihre Bestellung zu bestätigen.");
    assertThat(mail.html().replace('\u00a0', ' '))
        .contains(
            "lang=\"de\"",
            "Jörg Müller",
            "Leinenhemd",
            "1.234,50 €",
            "−246,90 €",
            "2.222,10 €",
            "22. November 2026",
            "22 Punkte")
        .doesNotContain("Your order", "Subtotal", "Total<");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "ko, ko", "ko-KR, ko", "ko_KR, ko", "KO, ko", "ko-Kore-KR, ko", "en, en", "en-US, en",
        "de, de", "de-AT, de", "de-Latn-CH-1996, de", "fr, en", "kok, en", "den, en", "?, en",
        "x-ko, en"
      })
  void aMailIsInTheClosestLanguageThatHasTemplatesOrElseInEnglish(String tag, String language)
      throws Exception {
    Received mail = written(event -> customer(event).put("locale", tag));

    assertThat(mail.message().getHeader("Content-Language")).containsExactly(language);
  }

  @Test
  void aPairThatIsPutIntoTheFolderIsALanguageFromThenOn(@TempDir Path templates) throws Exception {
    OrderMails mails = Events.mails(templates);
    assertThat(language(mails, "pt-BR")).isEqualTo("en");

    save(
        templates,
        "order-confirmation.pt.txt.ftl",
        "Pedido\n\n<#if date??>${date}, </#if>${total}");
    save(templates, "order-confirmation.pt.html.ftlh", "<p>${total}</p>");
    mails.lookAtTemplates();
    assertThat(written(mails, "pt-BR").text().replace('\u00a0', ' '))
        .isEqualTo("22 de novembro de 2026, ₩ 70.200");
    assertThat(language(mails, "pt-BR")).isEqualTo("pt");

    save(templates, "order-confirmation.pt-BR.txt.ftl", "Pedido do Brasil\n\n${total}");
    save(templates, "order-confirmation.pt-BR.html.ftlh", "<p>${total}</p>");
    mails.lookAtTemplates();
    assertThat(language(mails, "pt-BR")).isEqualTo("pt-BR");
    assertThat(language(mails, "pt-PT")).isEqualTo("pt");

    Files.delete(templates.resolve("order-confirmation.pt-BR.txt.ftl"));
    Files.delete(templates.resolve("order-confirmation.pt-BR.html.ftlh"));
    mails.lookAtTemplates();
    assertThat(language(mails, "pt-BR")).isEqualTo("pt");
  }

  @Test
  void halfAPairIsRefusedOnceAndItsLanguageFallsBackUntilItIsWhole(
      @TempDir Path templates, CapturedOutput output) throws Exception {
    save(templates, "order-confirmation.fr.txt.ftl", "Commande\n\n${total}");
    OrderMails mails = Events.mails(templates);
    mails.lookAtTemplates();
    save(templates, "notes.txt", "no template");
    mails.lookAtTemplates();

    assertThat(language(mails, "fr")).isEqualTo("en");
    assertThat(
            output
                .getAll()
                .lines()
                .filter(line -> line.contains("is refused") && line.contains(templates.toString())))
        .singleElement()
        .asString()
        .contains(
            "ERROR",
            templates.resolve("order-confirmation.fr.txt.ftl").toString(),
            "there is no order-confirmation.fr.html.ftlh beside it");

    save(templates, "order-confirmation.fr.html.ftlh", "<p>${total}</p>");
    mails.lookAtTemplates();
    assertThat(language(mails, "fr")).isEqualTo("fr");
  }

  @Test
  void oneFileOfTheFolderCompletesThePairWithTheJarsOther(@TempDir Path templates)
      throws Exception {
    save(templates, "order-confirmation.de.txt.ftl", "Hallo\n\n${total}");
    Received mail = written(Events.mails(templates), "de");

    assertThat(mail.message().getSubject()).isEqualTo("Hallo");
    assertThat(mail.html()).contains("Ihre Bestellung ist bestätigt.");
  }

  @Test
  void aNewLanguageWhoseTemplateIsBrokenFallsBackUntilItIsMended(
      @TempDir Path templates, CapturedOutput output) throws Exception {
    save(templates, "order-confirmation.fr.txt.ftl", "Commande\n\n${total}");
    save(templates, "order-confirmation.fr.html.ftlh", "<p>${nothing}</p>");
    OrderMails mails = Events.mails(templates);
    assertThat(language(mails, "fr")).isEqualTo("en");
    assertThat(output)
        .contains("order-confirmation.fr.html.ftlh is refused, its language is not used: line 1");

    save(templates, "order-confirmation.fr.html.ftlh", "<p>mended ${total}</p>");
    mails.lookAtTemplates();
    assertThat(language(mails, "fr")).isEqualTo("fr");
  }

  @Test
  void anOrderThatItsLanguagesTemplateCannotPrintIsMailedInEnglish(
      @TempDir Path templates, CapturedOutput output) throws Exception {
    save(templates, "order-confirmation.fr.txt.ftl", "Commande\n\n${total}");
    save(
        templates,
        "order-confirmation.fr.html.ftlh",
        "<#if customerName == '김민지'>${nothing}</#if>");
    OrderMails mails = Events.mails(templates);

    assertThat(language(mails, "fr")).isEqualTo("en");
    assertThat(output).contains("order-confirmation.fr.html.ftlh is refused");
  }

  @ParameterizedTest
  @ValueSource(strings = {"de_DE", "pt-br", "d", "iw"})
  void aTagThatIsNoneIsRefused(String tag, @TempDir Path templates, CapturedOutput output)
      throws Exception {
    save(templates, "order-confirmation." + tag + ".txt.ftl", "x\n\nx");
    save(templates, "order-confirmation." + tag + ".html.ftlh", "x");
    Events.mails(templates);

    assertThat(output)
        .contains(tag + " is not a language tag as BCP 47 writes it, such as de or pt-BR");
  }

  private static void save(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Received written(OrderMails mails, String locale) {
    return Received.of(
        mails.write(Events.confirmation(event -> customer(event).put("locale", locale))));
  }

  private static String language(OrderMails mails, String locale) throws Exception {
    return written(mails, locale).message().getHeader("Content-Language")[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko-KR | KRW | 1234567 | ₩1,234,567",
        "en | KRW | 1234567 | ₩1,234,567",
        "ko | USD | 1234.5 | US$1,234.50",
        "en-GB | USD | 1234.5 | $1,234.50",
        "ko | JPY | 1200 | JP¥1,200",
        "en | JPY | 1200 | ¥1,200",
        "ko | KWD | 1.234 | KWD 1.234",
        "en | KWD | 1.234 | KWD 1.234",
        "en | EUR | 3 | €3.00",
        "de | EUR | 1234.5 | 1.234,50 €",
        "de | KRW | 1234567 | 1.234.567 ₩",
        "de | CHF | 1234.5 | 1.234,50 CHF",
        "de | KWD | 1.234 | 1,234 KWD"
      })
  void amountsAreInTheFormOfCurrencyAndLanguage(
      String locale, String currency, String amount, String shown) {
    Received mail =
        written(
            event -> {
              customer(event).put("locale", locale);
              event
                  .put("currency", currency)
                  .put("subtotal", amount)
                  .put("discount", "0")
                  .put("total", amount);
              item(event).put("quantity", 1).put("unitPrice", amount);
            });

    assertThat(mail.text().replace('\u00a0', ' ')).contains("1 × " + shown + " = " + shown);
  }

  @Test
  void headersAreThoseOfAnAutomaticMail() throws Exception {
    Received mail = written(event -> {});

    assertThat(Collections.list(mail.message().getAllHeaders()))
        .extracting("name")
        .containsExactlyInAnyOrder(
            "Date",
            "From",
            "To",
            "Message-ID",
            "Subject",
            "X-Order-Id",
            "Auto-Submitted",
            "Content-Language",
            "MIME-Version",
            "Content-Type");
    assertThat(mail.message().getMessageID())
        .isEqualTo("<order-00000000-0000-0001-0000-000000000002@orderflow.example>");
    assertThat(mail.message().getHeader("X-Order-Id"))
        .containsExactly("00000000-0000-0001-0000-000000000002");
    assertThat(mail.message().getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(mail.message().getSubject()).isEqualTo("주문이 완료되었습니다 (42222-22222)");
    assertThat(mail.message().getSentDate()).isEqualTo(Events.NOW);
    InternetAddress to = (InternetAddress) mail.message().getAllRecipients()[0];
    assertThat(to.getAddress()).isEqualTo("minji@example.com");
    assertThat(to.getPersonal()).isEqualTo("김민지");
    assertThat(mail.source().lines())
        .allMatch(line -> line.length() <= 78)
        .allMatch(line -> line.chars().allMatch(c -> c < 127));
    assertThat(mail.source().replace("\r\n", "")).doesNotContain("\r", "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Eve\r\nBcc: victim@example.com",
        "Eve\nX-Evil: 1\n\nbody",
        "\"Eve\" <victim@example.com>",
        "a, b@example.com",
        "김\r\nBcc: victim@example.com",
        "Eve\u2028Bcc: x",
        "=?utf-8?q?Bcc:_x?="
      })
  void aNameAddsNoHeaderAndNoRecipient(String name) throws Exception {
    Received mail =
        written(
            event -> {
              customer(event).put("name", name);
              item(event).put("name", name).put("sku", name);
            });

    assertThat(Collections.list(mail.message().getAllHeaders())).hasSize(10);
    assertThat(mail.message().getAllRecipients())
        .extracting(a -> ((InternetAddress) a).getAddress())
        .containsExactly("minji@example.com");
    assertThat(mail.text().lines())
        .noneMatch(line -> line.startsWith("Bcc") || line.startsWith("X-Evil"));
  }

  @ParameterizedTest
  @ValueSource(ints = {61, 200, 5_000})
  void noLineOfAHeaderIsTooLongForAServer(int length) throws Exception {
    String longest = "x".repeat(length);

    Received mail =
        written(
            event -> {
              customer(event).put("name", longest);
              event.put("orderNumber", longest);
            });

    InternetAddress to = (InternetAddress) mail.message().getAllRecipients()[0];
    assertThat(to.getPersonal()).isEqualTo(longest);
    assertThat(mail.message().getSubject()).contains(longest);
    assertThat(mail.source().lines()).allMatch(line -> line.length() <= 78);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "=?utf-8?q?x=0D=0ABcc:_a@b.cc?=",
        "=?UTF-8?B?RXZl?= =?UTF-8?B?RXZl?=",
        "Kim =?iso-8859-1?Q?=66=6f=6f?=, \"Jr.\"",
        "=?utf-8?q?a?",
        "김민지 =?utf-8?q?a=0D=0ABcc:_x?= 님",
        "=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?=?="
      })
  void aNameThatLooksEncodedShowsAsTyped(String typed, @TempDir Path templates) throws Exception {
    for (String template :
        List.of("order-confirmation.ko.txt.ftl", "order-confirmation.en.txt.ftl")) {
      Files.writeString(
          templates.resolve(template), "${customerName} / ${items[0].name}\n\n${customerName}");
    }
    Received mail =
        Received.of(
            Events.mails(templates)
                .write(
                    Events.confirmation(
                        event -> {
                          customer(event).put("name", typed);
                          item(event).put("name", typed);
                        })));

    InternetAddress to = (InternetAddress) mail.message().getAllRecipients()[0];
    assertThat(to.getPersonal()).isEqualTo(typed);
    assertThat(to.getAddress()).isEqualTo("minji@example.com");
    assertThat(mail.message().getSubject()).isEqualTo(typed + " / " + typed);
    assertThat(mail.text()).isEqualTo(typed);
    assertThat(Collections.list(mail.message().getAllHeaders())).hasSize(10);
    assertThat(mail.source().lines())
        .allMatch(line -> line.length() <= 78)
        .allMatch(line -> line.chars().allMatch(c -> c < 127));
  }

  @Test
  void noLinkIsMadeOfWhatACustomerTyped() {
    Received mail =
        written(
            event -> {
              customer(event).put("name", "win at https://evil.example/x");
              item(event).put("name", "www.evil.example, WWW.evil.example, 1:2, a.b");
            });

    for (String part : List.of(mail.text(), mail.html())) {
      assertThat(part)
          .doesNotContain("://evil", "www.evil", "WWW.evil")
          .contains("win at https:\u2060//evil.example/x")
          .contains("www\u2060.evil.example, WWW\u2060.evil.example, 1:2, a.b");
    }
  }

  @Test
  void everythingACustomerTypedIsEscapedInHtmlAndIsNoTemplate() {
    String typed = "<script>alert(1)</script> \"'&${7*7}<#if true>x</#if>[=3]${\"a\"?new()}";
    Received mail =
        written(
            event -> {
              customer(event).put("name", typed);
              item(event).put("name", typed).put("sku", typed);
            });

    assertThat(mail.html())
        .doesNotContain("<script>", "49", "\"'&")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39;&amp;${7*7}");
    assertThat(mail.text()).contains(typed);
  }

  private Received written(Consumer<ObjectNode> change) {
    return Received.of(Events.mails(noTemplates).write(Events.confirmation(change)));
  }
}
