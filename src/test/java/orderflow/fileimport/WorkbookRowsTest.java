package orderflow.fileimport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import orderflow.order.Item;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkbookRowsTest {

  private static final List<String> HEADER =
      List.of(
          "Order Ref",
          "customerId",
          "customerEmail",
          "customerName",
          "currency",
          "sku",
          "name",
          "quantity",
          "unitPrice");

  @TempDir Path folder;

  @Test
  void readsNumbersAsTheSheetShowsThemAndGivesBackRowsWithCommas() throws IOException {
    Path file = folder.resolve("orders.xlsx");
    try (OutputStream out = Files.newOutputStream(file)) {
      Workbook workbook = new Workbook(out, "Orderflow", "1.0");
      Worksheet sheet = workbook.newWorksheet("주문");
      row(sheet, 1, HEADER.toArray());
      row(sheet, 3, 1001, "c-1", "k@example.com", "김민지", "USD", 12, "Shirt, red", 2, 12.5);
      row(sheet, 4, null, null, null, null, null, "B", "Hat", 1.0, 0.1 + 0.2);
      row(sheet, 6, "o-2", "c-1", "k@example.com", "Kim", "USD", "A", "Shirt", 0, 12.345);
      sheet.style(3, 0).format("\\O\\-0000").set();
      sheet.style(3, 5).format("00000").set();
      sheet.style(3, 8).format("#,##0.00\\ \\$").set();
      sheet.style(6, 8).format("0.00").set();
      workbook.newWorksheet("other").value(0, 0, "no order");
      workbook.finish();
    }

    ReadRows read = read(file);

    assertThat(read.format()).isEqualTo(new ImportFormat("xlsx", null, null, null));
    assertThat(read.references()).containsExactly("O-1001");
    assertThat(read.orders().get(0).items())
        .containsExactly(
            new Item("00012", "Shirt, red", 2, new BigDecimal("12.50")),
            new Item("B", "Hat", 1, new BigDecimal("0.30")));
    assertThat(new String(read.rejected(), StandardCharsets.UTF_8))
        .isEqualTo(
            "\uFEFF"
                + String.join(",", HEADER)
                + ",_line,_error\n"
                + "o-2,c-1,k@example.com,Kim,USD,A,Shirt,0,12.35,7,"
                + "\"/items/0/quantity must be a whole number from 1 to 9999\"\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "39000 ~ General ~ 39000",
        "0.30000000000000004 ~ General ~ 0.3",
        "123456789012345 ~ General ~ 123456789012345",
        "1234567890123456 ~ General ~ 1.23457E+15",
        "39000 ~ #,##0 ~ 39000",
        "39000 ~ [$₩-412]#,##0.00 ~ 39000.00",
        "-5 ~ #,##0;[Red](#,##0) ~ -5",
        "12.5 ~ 0.00_) ~ 12.50",
        "12.5 ~ 0.0## ~ 12.5",
        "7 ~ 00000 ~ 00007",
        "123456789 ~ 000-00-0000 ~ 123-45-6789",
        "-0.001 ~ 0.00 ~ 0.00",
        "0.125 ~ 0.0# ~ 0.13",
        "-3 ~ 0.0# ~ -3.0",
        "0.5 ~ #.## ~ 0.5",
        "0.125 ~ 0.0% ~ 12.5%",
        "7 ~ \"ORD-\"00000 ~ ORD-00007",
        "3 ~ 0\"개\" ~ 3",
        "12.5 ~ 0.00E+00 ~ 1.25E+01",
        "0.1 ~ 0% ~ 10%",
        "46000.5 ~ yyyy-mm-dd ~ 2025-12-09",
        "46000.5 ~ d/m/yy hh:mm ~ 9/12/25 12:00",
        "46000.5 ~ yyyy\"년\" m\"월\" d\"일\" ~ 2025년 12월 9일",
        "46000.75 ~ h:mm AM/PM ~ 6:00 PM"
      })
  void showsANumberInItsFormat(BigDecimal number, String format, String shown) {
    assertThat(
            CellText.of(
                number,
                164,
                format,
                () ->
                    LocalDateTime.of(1899, 12, 30, 0, 0)
                        .plusMinutes(Math.round(number.doubleValue() * 1440))))
        .isEqualTo(shown);
  }

  @Test
  void showsBuiltInDatesAsIsoWhateverTheCountry() {
    LocalDateTime date = LocalDateTime.of(2026, 11, 5, 0, 0);

    assertThat(CellText.of(BigDecimal.TEN, 14, "mm-dd-yy", () -> date)).isEqualTo("2026-11-05");
    assertThat(CellText.of(BigDecimal.TEN, 31, null, () -> date)).isEqualTo("2026-11-05");
  }

  @Test
  void saysWhatIsNoWorkbook() throws IOException {
    Path garbage = Files.writeString(folder.resolve("a.xlsx"), "PK\u0003\u0004not really");
    Path locked = folder.resolve("b.xlsx");
    Files.write(
        locked,
        new byte[] {
          (byte) 0xD0,
          (byte) 0xCF,
          0x11,
          (byte) 0xE0,
          (byte) 0xA1,
          (byte) 0xB1,
          0x1A,
          (byte) 0xE1,
          0,
          0
        });

    assertThatThrownBy(() -> read(garbage))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith("It is no whole workbook: save");
    assertThatThrownBy(() -> read(locked))
        .isInstanceOf(UnreadableFile.class)
        .hasMessageStartingWith("It is a workbook with a password, or of an old kind");
  }

  private static void row(Worksheet sheet, int row, Object... values) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] instanceof Number number) {
        sheet.value(row, i, number);
      } else if (values[i] != null) {
        sheet.value(row, i, values[i].toString());
      }
    }
  }

  private static ReadRows read(Path file) throws IOException {
    return ReadRows.of(
        FileFormat.Content.XLSX,
        new FileSurvey.Content() {
          @Override
          public InputStream open() throws IOException {
            return Files.newInputStream(file);
          }

          @Override
          public Path asFile(Path unzipped) {
            return file;
          }
        },
        Map.of());
  }
}
