package orderflow.platform.page;

import freemarker.template.TemplateMethodModelEx;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The texts of pages in one language. Templates call it as a function: {@code t("key", …)}. */
public final class Texts implements TemplateMethodModelEx {

  private static final Pattern PLACE = Pattern.compile("\\{(\\d)}");

  /** The first one is for readers who prefer no other. */
  private static final List<Texts> LANGUAGES =
      List.of(new Texts(Locale.ENGLISH), new Texts(Locale.KOREAN));

  private final Locale locale;
  private final Map<String, String> texts = new HashMap<>();

  private Texts(Locale locale) {
    this.locale = locale;
    String file = "/pages/texts_" + locale.getLanguage() + ".properties";
    try (Reader in =
        new InputStreamReader(
            Objects.requireNonNull(Texts.class.getResourceAsStream(file), file),
            StandardCharsets.UTF_8)) {
      Properties properties = new Properties();
      properties.load(in);
      properties.forEach((key, text) -> texts.put((String) key, (String) text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first of the preferred languages that there is. */
  public static Texts of(Enumeration<Locale> preferred) {
    for (Locale wish : Collections.list(preferred)) {
      for (Texts language : LANGUAGES) {
        if (language.locale.getLanguage().equals(wish.getLanguage())) {
          return language;
        }
      }
    }
    return LANGUAGES.get(0);
  }

  /** For what is answered in English to all. */
  public static Texts english() {
    return LANGUAGES.get(0);
  }

  public String language() {
    return locale.getLanguage();
  }

  Locale locale() {
    return locale;
  }

  /** A text with its values in the places {0}, {1} and so on. */
  public String get(String key, @Nullable Object... values) {
    String text = texts.get(key);
    if (text == null) {
      throw new IllegalArgumentException("there is no text " + key + " in " + language());
    }
    return PLACE
        .matcher(text)
        .replaceAll(
            place -> {
              int index = place.group(1).charAt(0) - '0';
              return Matcher.quoteReplacement(
                  index < values.length ? String.valueOf(values[index]) : place.group());
            });
  }

  /** The text of a key about a number of things; that of the key with {@code -one} for one. */
  public String counted(String key, long count, @Nullable Object... values) {
    return get(count == 1 ? key + "-one" : key, values);
  }

  /** A text that may be missing, for words that come from elsewhere. */
  public Optional<String> find(String key) {
    return Optional.ofNullable(texts.get(key));
  }

  /**
   * The function {@code named("key", other)}: the text of a key, or the other one if there is none,
   * for words that a newer version or a shop may add.
   */
  TemplateMethodModelEx named() {
    return arguments ->
        texts.getOrDefault(String.valueOf(arguments.get(0)), String.valueOf(arguments.get(1)));
  }

  @Override
  @SuppressWarnings("rawtypes")
  public Object exec(List arguments) {
    Object[] values = new Object[arguments.size() - 1];
    for (int i = 0; i < values.length; i++) {
      values[i] = arguments.get(i + 1);
    }
    return get(String.valueOf(arguments.get(0)), values);
  }
}
