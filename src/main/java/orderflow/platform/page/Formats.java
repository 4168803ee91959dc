package orderflow.platform.page;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Currency;

/** Numbers, amounts and times as the readers of a page write them. */
public final class Formats {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final long KILO = 1024;

  private final Texts texts;
  private final Instant now;

  Formats(Texts texts, Instant now) {
    this.texts = texts;
    this.now = now;
  }

  public String number(double value) {
    return Double.isNaN(value)
        ? "?"
        : NumberFormat.getIntegerInstance(texts.locale()).format(value);
  }

  /** An amount in its currency; both as they are if the currency is unknown. */
  public String money(BigDecimal amount, String currency) {
    try {
      NumberFormat format = NumberFormat.getCurrencyInstance(texts.locale());
      format.setCurrency(Currency.getInstance(currency));
      format.setMinimumFractionDigits(amount.scale());
      format.setMaximumFractionDigits(Math.max(0, amount.scale()));
      return format.format(amount);
    } catch (IllegalArgumentException e) {
      return amount.toPlainString() + " " + currency;
    }
  }

  /** In UTC; a script of the page shows it in the reader's own zone. */
  public String time(Instant time) {
    return TIME.format(time);
  }

  /** How long ago something was, in the largest unit that fits. */
  public String ago(Instant time) {
    return texts.get("ago", span((double) Duration.between(time, now).toSeconds()));
  }

  /** How far ahead something is. */
  public String ahead(Instant time) {
    long seconds = Duration.between(now, time).toSeconds();
    return seconds <= 0 ? texts.get("now-due") : texts.get("ahead", span((double) seconds));
  }

  /** A span of time in the largest unit that fits. */
  public String span(double seconds) {
    if (Double.isNaN(seconds)) {
      return "?";
    }
    long whole = Math.max(0, (long) seconds);
    if (whole < 60) {
      return texts.get("span-s", whole);
    }
    if (whole < 3600) {
      return texts.get("span-min", whole / 60);
    }
    return whole < 172_800
        ? texts.get("span-h", whole / 3600)
        : texts.get("span-d", whole / 86_400);
  }

  public String bytes(long bytes) {
    if (bytes < KILO) {
      return bytes + " B";
    }
    return bytes < KILO * KILO
        ? number((double) bytes / KILO) + " KB"
        : number((double) bytes / KILO / KILO) + " MB";
  }
}
