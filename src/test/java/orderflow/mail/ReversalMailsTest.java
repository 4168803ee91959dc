package orderflow.mail;

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
class ReversalMailsTest {

  private static final String CANCELLED = "ORDER_CANCELLED";
  private static final String RETURNED = "RETURN_RECEIPT/3";

  @TempDir Path noTemplates;

  @Test
  void aKoreanCancellationMailShowsWhatIsRefundedAndTakenBack() throws Exception {
    Received mail = written(CANCELLED, event -> {});

    assertThat(mail.message().getSubject()).isEqualTo("주문이 취소되었습니다 (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "김민지 님, 주문을 취소해 드렸습니다.",
            "주문번호: 1001",
            "주문일: 2026년 11월 22일",
            "취소일: 2026년 11월 23일",
            "- 2 × 린넨 셔츠 (TS-001): ₩70,200",
            "배송비 및 기타 요금: ₩3,000",
            "총 환불 금액: ₩73,200",
            "환불 금액(₩73,200)은 결제하신 수단으로 환불 처리 중입니다.",
            "이 주문으로 적립된 702포인트가 회수됩니다.",
            "쿠폰(WELCOME10)을 다시 사용하실 수 있습니다.",
            "이 메일은 주문 취소 안내를 위해 자동으로 발송되었습니다.");
    assertThat(mail.html())
        .contains(
            "lang=\"ko\"",
            "주문이 취소되었습니다.",
            "김민지 님, ",
            "주문번호 1001",
            "2026년 11월 23일",
            "린넨 셔츠",
            "TS-001",
            ">2<",
            ">₩70,200<",
            ">₩3,000<",
            ">₩73,200<",
            "702포인트",
            "WELCOME10");
  }

  @Test
  void anEnglishCancellationMailShowsWhatIsRefundedAndTakenBack() throws Exception {
    Received mail = written(CANCELLED, event -> customer(event).put("locale", "en-GB"));

    assertThat(mail.message().getSubject()).isEqualTo("Your order was cancelled (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "We have cancelled your order, 김민지.",
            "Order: 1001",
            "Date: November 22, 2026",
            "Cancelled: November 23, 2026",
            "- 2 × 린넨 셔츠 (TS-001): ₩70,200",
            "Shipping and other charges: ₩3,000",
            "Refund: ₩73,200",
            "Your refund of ₩73,200 is on its way through the payment you used.",
            "702 points that you earned with this order are taken back.",
            "You can use the coupon WELCOME10 again.",
            "This mail was sent automatically because your order was cancelled.");
    assertThat(mail.html()).contains("lang=\"en\"", ">₩73,200<", "702 points", "WELCOME10 again");
  }

  @Test
  void aGermanCancellationMailShowsWhatIsRefundedAndTakenBack() throws Exception {
    Received mail =
        written(
            CANCELLED,
            event -> {
              customer(event).put("locale", "de-AT");
              inEuro(event);
            });

    assertThat(mail.message().getSubject()).isEqualTo("Ihre Bestellung wurde storniert (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "Wir haben Ihre Bestellung storniert, 김민지.",
            "Bestellnummer: 1001",
            "Bestelldatum: 22. November 2026",
            "Storniert am: 23. November 2026",
            "- 2 × 린넨 셔츠 (TS-001): 1.234,50 €",
            "Versand und weitere Kosten: 4,90 €",
            "Erstattungsbetrag: 1.239,40 €",
            "Die Erstattung von 1.239,40 € ist unterwegs, über die Zahlungsart Ihrer Bestellung.",
            "702 Punkte, die Sie mit dieser Bestellung gesammelt haben, werden zurückgebucht.",
            "Den Gutschein WELCOME10 können Sie wieder einlösen.",
            "Diese E-Mail wurde automatisch versandt, weil Ihre Bestellung storniert wurde.");
    assertThat(mail.html()).contains("lang=\"de\"", "702 Punkte").doesNotContain("Refund");
  }

  @Test
  void aKoreanReturnReceiptShowsWhatIsRefundedAndWhatIsKept() throws Exception {
    Received mail = written(RETURNED, ReversalMailsTest::partOfIt);

    assertThat(mail.message().getSubject()).isEqualTo("반품이 완료되었습니다 (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "김민지 님, 아래 상품의 반품을 처리해 드렸습니다.",
            "주문번호: 1001",
            "주문일: 2026년 11월 22일",
            "반품일: 2026년 11월 23일",
            "- 1 × 린넨 셔츠 (TS-001): ₩36,784",
            "총 환불 금액: ₩36,784",
            "환불 금액(₩36,784)은 결제하신 수단으로 환불 처리 중입니다.",
            "반품하지 않은 상품의 결제 금액은 ₩46,216입니다.",
            "이 주문으로 적립된 368포인트가 회수됩니다.",
            "이 메일은 반품 안내를 위해 자동으로 발송되었습니다.");
    assertThat(mail.html()).contains("반품이 완료되었습니다.", ">₩36,784<", "₩46,216", "368포인트");
  }

  @Test
  void anEnglishReturnReceiptShowsWhatIsRefundedAndWhatIsKept() throws Exception {
    Received mail =
        written(
            RETURNED,
            event -> {
              customer(event).put("locale", "fr");
              partOfIt(event);
            });

    assertThat(mail.message().getSubject()).isEqualTo("Your return is confirmed (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "We have taken back what is listed here, 김민지.",
            "Order: 1001",
            "Date: November 22, 2026",
            "Returned: November 23, 2026",
            "- 1 × 린넨 셔츠 (TS-001): ₩36,784",
            "Refund: ₩36,784",
            "Your refund of ₩36,784 is on its way through the payment you used.",
            "You have paid ₩46,216 for what you keep of this order.",
            "368 points that you earned with this order are taken back.",
            "This mail was sent automatically to confirm your return.");
    assertThat(mail.html()).contains(">₩36,784<", "₩46,216", "368 points");
  }

  @Test
  void aGermanReturnReceiptShowsWhatIsRefundedAndWhatIsKept() throws Exception {
    Received mail =
        written(
            RETURNED,
            event -> {
              customer(event).put("locale", "de");
              partOfIt(event);
              event.put("pointsReversed", 1);
            });

    assertThat(mail.message().getSubject()).isEqualTo("Ihre Rückgabe ist bestätigt (1001)");
    assertThat(lines(mail))
        .containsExactly(
            "Wir haben zurückgenommen, was hier aufgeführt ist, 김민지.",
            "Bestellnummer: 1001",
            "Bestelldatum: 22. November 2026",
            "Zurückgenommen am: 23. November 2026",
            "- 1 × 린넨 셔츠 (TS-001): 36.784 ₩",
            "Erstattungsbetrag: 36.784 ₩",
            "Die Erstattung von 36.784 ₩ ist unterwegs, über die Zahlungsart Ihrer Bestellung.",
            "Für das, was Sie von dieser Bestellung behalten, haben Sie 46.216 ₩ bezahlt.",
            "Ein Punkt, den Sie mit dieser Bestellung gesammelt haben, wird zurückgebucht.",
            "Diese E-Mail wurde automatisch versandt, um Ihre Rückgabe zu bestätigen.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | 환불할 금액이 없습니다. | 포인트",
        "en | There is nothing to refund. | points",
        "de | Es ist nichts zu erstatten. | Punkte"
      })
  void whatThereIsNoneOfIsNotMentioned(String language, String noRefund, String points) {
    for (String kind : List.of(CANCELLED, RETURNED)) {
      Received mail =
          written(
              kind,
              event -> {
                customer(event).put("locale", language).remove("name");
                event.put("refund", "0").put("pointsReversed", 0).remove("charges");
                event.remove("couponReleased");
                item(event).put("refund", "0").remove("sku");
              });

      for (String part : List.of(mail.text(), mail.html())) {
        assertThat(part)
            .contains(noRefund)
            .doesNotContain(points, "WELCOME10", "TS-001", "()", ", .", "님");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ko | 조정 금액 | 새로 발급된 쿠폰: R-1",
        "en | Adjustment | In place of your coupon you get a new one: R-1",
        "de | Anpassung | Anstelle Ihres Gutscheins erhalten Sie einen neuen: R-1"
      })
  void aRefundThatIsNotTheSumOfItsPartsAndANewCouponAreShown(
      String language, String adjustment, String newCoupon) {
    for (String kind : List.of(CANCELLED, RETURNED)) {
      Received mail =
          written(
              kind,
              event -> {
                customer(event).put("locale", language);
                event.put("refund", "70000").put("couponReissued", "R-1").remove("couponReleased");
              });

      String amount = language.equals("de") ? "−3.200 ₩" : "−₩3,200";
      assertThat(lines(mail)).contains(adjustment + ": " + amount, newCoupon);
      assertThat(mail.html().replace('\u00a0', ' '))
          .contains(adjustment, ">" + amount + "<", newCoupon)
          .doesNotContain("WELCOME10");
    }
  }

  @ParameterizedTest
  @CsvSource({"ORDER_CANCELLED, -cancelled", "RETURN_RECEIPT/3, -returned-3"})
  void headersAreThoseOfTheConfirmationAndNameItAsWhatTheyReplyTo(String kind, String suffix)
      throws Exception {
    Received mail = written(kind, event -> {});

    assertThat(Collections.list(mail.message().getAllHeaders()))
        .extracting("name")
        .containsExactlyInAnyOrder(
            "Date",
            "From",
            "To",
            "Message-ID",
            "In-Reply-To",
            "References",
            "Subject",
            "X-Order-Id",
            "Auto-Submitted",
            "Content-Language",
            "MIME-Version",
            "Content-Type");
    String order = "order-00000000-0000-0001-0000-000000000002";
    assertThat(mail.message().getMessageID())
        .isEqualTo("<" + order + suffix + "@orderflow.example>");
    for (String header : List.of("In-Reply-To", "References")) {
      assertThat(mail.message().getHeader(header))
          .containsExactly("<" + order + "@orderflow.example>");
    }
    assertThat(mail.message().getHeader("X-Order-Id"))
        .containsExactly("00000000-0000-0001-0000-000000000002");
    assertThat(mail.message().getSentDate()).isEqualTo(Events.NOW);
    InternetAddress to = (InternetAddress) mail.message().getAllRecipients()[0];
    assertThat(to.getAddress()).isEqualTo("minji@example.com");
    assertThat(to.getPersonal()).isEqualTo("김민지");
    assertThat(mail.source().lines())
        // RFC 5322 asks for 78 where a line can be folded, which many readers of ids can't bear.
        .allMatch(line -> line.length() <= 78 || line.startsWith("Message-ID: <"))
        .allMatch(line -> line.chars().allMatch(c -> c < 127));
  }

  @ParameterizedTest
  @ValueSource(strings = {CANCELLED, RETURNED})
  void whatPeopleTypedIsEscapedIsolatedNoTemplateAndNoHeader(String kind) {
    String typed = "<script>${7*7}</script>\r\nBcc: x@example.com";
    Received mail =
        written(
            kind,
            event -> {
              customer(event).put("locale", "en").put("name", typed);
              item(event).put("name", "قهوة (2)").put("sku", typed);
              event.put("couponReleased", typed).put("orderNumber", "<b>1001");
            });

    assertThat(mail.html())
        .contains(
            "&lt;script&gt;${7*7}&lt;/script&gt; Bcc", "\u2068قهوة (2)\u2069", "&lt;b&gt;1001")
        .doesNotContain("<script>", "<b>1001");
    assertThat(mail.text())
        .contains("<script>${7*7}</script> Bcc", "\u2068قهوة (2)\u2069")
        .doesNotContain("\nBcc");
    assertThat(mail.source()).doesNotContain("\nBcc");
  }

  @ParameterizedTest
  @ValueSource(strings = {CANCELLED, RETURNED})
  void ofALongOrderTheHtmlListsTheFirstItemsAndCountsTheRest(String kind) {
    Received mail =
        written(
            kind,
            event -> {
              customer(event).put("locale", "en");
              ObjectNode item = item(event);
              for (int i = 1; i < 200; i++) {
                event.withArray("items").add(item.deepCopy().put("name", "상품 ".repeat(60) + i));
              }
            });

    assertThat(mail.html().getBytes(StandardCharsets.UTF_8).length).isBetween(101_000, 102_399);
    int listed = mail.html().split("TS-001", -1).length - 1;
    assertThat(mail.html()).contains("and " + (200 - listed) + " more", ">₩73,200<");
    assertThat(mail.text().split("TS-001", -1)).hasSize(201);
  }

  @Test
  void aShopsOwnTemplatesWinKindByKindAndABrokenOneLeavesTheLastGoodOneInUse(
      @TempDir Path templates, CapturedOutput output) throws Exception {
    save(templates, "order-cancelled.fr.txt.ftl", "Annulation\n\n${refund}");
    save(templates, "order-cancelled.fr.html.ftlh", "<p>${refund}</p>");
    OrderMails mails = Events.mails(templates);
    mails.lookAtTemplates();
    assertThat(output).as("a bare mail has no refund").contains("order-cancelled.fr.txt.ftl is");

    save(templates, "order-cancelled.fr.txt.ftl", "Annulation\n\n${refund!}");
    save(templates, "order-cancelled.fr.html.ftlh", "<p>${refund!}</p>");
    mails.lookAtTemplates();
    assertThat(french(mails, CANCELLED).message().getSubject()).isEqualTo("Annulation");
    assertThat(french(mails, RETURNED).message().getSubject())
        .as("of another kind")
        .isEqualTo("Your return is confirmed (1001)");

    save(templates, "order-cancelled.fr.txt.ftl", "Annulation <#if refund>");
    mails.lookAtTemplates();
    assertThat(french(mails, CANCELLED).message().getSubject()).isEqualTo("Annulation");
    assertThat(output).contains("the last good one stays in use");
  }

  private static void save(Path folder, String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private static Received french(OrderMails mails, String kind) {
    return Received.of(
        mails.write(kind, Events.notice(event -> customer(event).put("locale", "fr"))));
  }

  /** One shirt of two. */
  private static void partOfIt(ObjectNode event) {
    item(event).put("quantity", 1).put("refund", "36784");
    event.put("refund", "36784").put("remaining", "46216").put("pointsReversed", 368);
    event.remove("charges");
    event.remove("couponReleased");
  }

  private static void inEuro(ObjectNode event) {
    item(event).put("refund", "1234.50");
    event.put("currency", "EUR").put("charges", "4.90").put("refund", "1239.40");
  }

  private static ObjectNode customer(ObjectNode event) {
    return Events.customer(event);
  }

  private static ObjectNode item(ObjectNode event) {
    return Events.item(event);
  }

  private static List<String> lines(Received mail) {
    return mail.text().replace('\u00a0', ' ').lines().filter(line -> !line.isEmpty()).toList();
  }

  private Received written(String kind, Consumer<ObjectNode> change) {
    return Received.of(Events.mails(noTemplates).write(kind, Events.notice(change)));
  }
}
