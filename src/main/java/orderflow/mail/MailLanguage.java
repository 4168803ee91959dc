package orderflow.mail;

import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The languages there are templates in. */
enum MailLanguage {
  // Patterns of our own: the localized ones change with the JDK's locale data.
  EN(Locale.ENGLISH, "MMMM d, uuuu"),
  KO(Locale.KOREAN, "uuuu년 M월 d일");

  private final Locale locale;
  private final DateTimeFormatter date;

  MailLanguage(Locale locale, String datePattern) {
    this.locale = locale;
    this.date = DateTimeFormatter.ofPattern(datePattern, locale);
  }

  /**
   * The language of a BCP 47 tag, whatever its region; English for one there are no templates in.
   */
  static MailLanguage of(String tag) {
    return Locale.forLanguageTag(tag).getLanguage().equals("ko") ? KO : EN;
  }

  Locale locale() {
    return locale;
  }

  DateTimeFormatter date() {
    return date;
  }

  /** As in the templates' names. */
  String tag() {
    return locale.getLanguage();
  }
}
