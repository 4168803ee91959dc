package orderflow.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import orderflow.overview.NeedsAttention;
import orderflow.platform.page.Texts;
import org.junit.jupiter.api.Test;

class ConsoleTextsTest {

  private static final Path PAGES = Path.of("src/main/resources/pages");

  @Test
  void bothLanguagesHaveTheSameTextsWithTheSameValues() throws IOException {
    Properties english = texts("en");
    Properties korean = texts("ko");

    assertThat(korean.stringPropertyNames()).isEqualTo(english.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertThat(values(korean.getProperty(key)))
          .as(key)
          .isEqualTo(values(english.getProperty(key)));
    }
  }

  @Test
  void everyTextThatATemplateAsksForIsThere() throws IOException {
    Properties english = texts("en");
    Pattern asked = Pattern.compile("\\bt\\(\"([A-Za-z0-9-]+[A-Za-z0-9])\"[,)]");
    try (Stream<Path> templates = Files.walk(PAGES)) {
      for (Path template : templates.filter(file -> file.toString().endsWith(".ftlh")).toList()) {
        Matcher keys = asked.matcher(Files.readString(template));
        while (keys.find()) {
          assertThat(english).as(template.toString()).containsKey(keys.group(1));
        }
      }
    }
  }

  @Test
  void aValueThatLooksLikeAPlaceIsShownAsItIs() {
    assertThat(Texts.english().get("story-MAIL_SENT", "{1}$1", "!"))
        .isEqualTo("The mail server took the {1}$1!.");
  }

  @Test
  void everyKindOfNeedHasItsSentence() {
    for (NeedsAttention.Kind kind : NeedsAttention.Kind.values()) {
      assertThat(Texts.english().find("need-" + kind)).as(kind.name()).isPresent();
    }
  }

  @Test
  void oneSmallStyleSheetIsAllThePagesNeed() throws IOException {
    assertThat(Files.size(Path.of("src/main/resources/static/orderflow.css")))
        .isLessThanOrEqualTo(12 * 1024);
  }

  private static TreeSet<String> values(String text) {
    TreeSet<String> values = new TreeSet<>();
    Matcher places = Pattern.compile("\\{\\d}").matcher(text);
    while (places.find()) {
      values.add(places.group());
    }
    return values;
  }

  private static Properties texts(String language) throws IOException {
    Properties texts = new Properties();
    try (Reader in = Files.newBufferedReader(PAGES.resolve("texts_" + language + ".properties"))) {
      texts.load(in);
    }
    return texts;
  }
}
