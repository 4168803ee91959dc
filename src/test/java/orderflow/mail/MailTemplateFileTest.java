package orderflow.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class MailTemplateFileTest {

  private static final String NAME = "order-confirmation.en.txt.ftl";
  private static final Map<String, Object> ORDER =
      Map.of(
          "orderId",
          "o-1",
          "orderNumber",
          "1001",
          "discounts",
          List.of(),
          "charges",
          List.of(),
          "customerName",
          "Pat",
          "items",
          List.of(),
          "subtotal",
          "$1.00",
          "total",
          "$1.00");

  @TempDir Path folder;

  @Test
  void theJarsOwnIsUsedWhereThereIsNoFile() {
    assertThat(template().render(ORDER)).contains("Thank you for your order, Pat.");
  }

  @Test
  void aFileWinsAndItsChangesAreUsedWithoutARestart() throws IOException {
    save("v1 ${orderId}");
    MailTemplateFile template = template();
    assertThat(printed(template, ORDER)).isEqualTo("v1 o-1");

    save("version 2 ${orderId}");
    await().untilAsserted(() -> assertThat(printed(template, ORDER)).isEqualTo("version 2 o-1"));

    Files.delete(folder.resolve(NAME));
    await().untilAsserted(() -> assertThat(printed(template, ORDER)).contains("Thank you"));
  }

  @Test
  void aByteOrderMarkIsNoPartOfTheSubject() throws IOException {
    save("\uFEFFYour order ${orderId}");

    assertThat(printed(template(), ORDER)).isEqualTo("Your order o-1");
  }

  @Test
  void aBrokenFileIsRefusedWithItsLineAndTheLastGoodOneStays(CapturedOutput output)
      throws IOException {
    save("good");
    MailTemplateFile template = template();

    save("first line\n<#if total>\nnever closed");
    await()
        .untilAsserted(
            () -> {
              assertThat(printed(template, ORDER)).isEqualTo("good");
              assertThat(output)
                  .contains("ERROR")
                  .contains(folder.resolve(NAME) + " is refused")
                  .contains("line 3");
            });
    assertThat(
            output
                .getAll()
                .lines()
                .filter(line -> line.contains(folder.resolve(NAME) + " is refused")))
        .hasSize(1);

    save("mended now");
    await().untilAsserted(() -> assertThat(printed(template, ORDER)).isEqualTo("mended now"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no such ${field}",
        "${'freemarker.template.utility.Execute'?new()('id')}",
        "${orderId?api.class}",
        "<#include '/etc/passwd'>",
        "<#import 'x.ftl' as x>",
        "${items.class.name}",
        "${'java.lang.Runtime'?new()}"
      })
  void whatFailsOnASampleOrReachesOutIsRefusedAtTheStart(String broken, CapturedOutput output)
      throws IOException {
    save(broken);

    assertThat(template().render(ORDER)).contains("Thank you");
    assertThat(output).contains("is refused").contains("line 1");
  }

  @Test
  void aFileThatIsNotUtf8IsRefused(CapturedOutput output) throws IOException {
    Files.write(folder.resolve(NAME), "가격".getBytes(StandardCharsets.UTF_16));

    assertThat(template().render(ORDER)).contains("Thank you");
    assertThat(output).contains("is not UTF-8");
  }

  @Test
  void aFaultThatOnlyARealOrderShowsFallsBackToTheJarsOwn(CapturedOutput output)
      throws IOException {
    save("<#if coupon??>${noSuchThing}</#if>fine");
    MailTemplateFile template = template();

    assertThat(printed(template, ORDER)).isEqualTo("fine");
    Map<String, Object> other = new java.util.HashMap<>(ORDER);
    other.put("coupon", "X");
    assertThat(printed(template, other)).contains("Thank you");
    assertThat(output).contains("the one in the jar is used");
  }

  private static String printed(MailTemplateFile template, Map<String, Object> order) {
    template.look();
    return template.render(order);
  }

  private MailTemplateFile template() {
    return new MailTemplateFile(folder, NAME, List.of(ORDER));
  }

  private void save(String text) throws IOException {
    Files.writeString(folder.resolve(NAME), text);
  }
}
