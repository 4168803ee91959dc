package orderflow.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/**
 * The languages of a kind of mail: each has a pair of templates, in the folder or in the jar, and
 * is known by their names alone.
 */
final class MailTemplates {

  private static final Logger log = LoggerFactory.getLogger(MailTemplates.class);

  private static final String TEXT = ".txt.ftl";
  private static final String HTML = ".html.ftlh";

  /** The language of customers whose own has no templates. */
  private static final String FALLBACK = "en";

  /**
   * A language's templates; the text's first line is the subject.
   *
   * @param locale the form of its dates and amounts
   */
  record Pair(Locale locale, MailTemplateFile text, MailTemplateFile html) {

    /** As in the templates' names. */
    String tag() {
      return locale.toLanguageTag();
    }

    private boolean isUsable() {
      return text.isUsable() && html.isUsable();
    }
  }

  private final Path folder;
  private final String kind;
  private final Pattern name;
  private final Function<Locale, List<Map<String, Object>>> samples;
  private final Set<String> inJar;
  private Set<String> inFolder;
  private Map<String, String> refused = Map.of();
  private volatile Map<String, Pair> pairs = Map.of();

  /**
   * @param folder whose templates win, file by file, over the jar's
   * @param kind the beginning of the templates' names
   * @param samples models in a language's form that its templates must be able to print
   */
  MailTemplates(Path folder, String kind, Function<Locale, List<Map<String, Object>>> samples) {
    this.folder = folder;
    this.kind = kind + ".";
    this.name =
        Pattern.compile(Pattern.quote(this.kind) + "([^.]+)(?:\\.txt\\.ftl|\\.html\\.ftlh)");
    this.samples = samples;
    this.inJar = inJar();
    this.inFolder = inFolder();
    find();
    if (!pairs.containsKey(FALLBACK)) {
      throw new IllegalStateException("the jar has no templates " + this.kind + FALLBACK);
    }
  }

  /**
   * The templates of a BCP 47 tag: its own, else those of the tag without its last parts ({@code
   * pt-BR} before {@code pt}), else English.
   */
  Pair of(String tag) {
    Map<String, Pair> known = pairs;
    String range = Locale.forLanguageTag(tag.replace('_', '-')).toLanguageTag();
    while (!range.isEmpty()) {
      Pair pair = known.get(range);
      if (pair != null && pair.isUsable()) {
        return pair;
      }
      range = range.substring(0, Math.max(0, range.lastIndexOf('-')));
    }
    return Objects.requireNonNull(known.get(FALLBACK));
  }

  /** Has changes of the folder seen from now on: of its files, and which languages it has. */
  synchronized void look() {
    Set<String> now = inFolder();
    boolean same = now.equals(inFolder);
    for (Pair pair : pairs.values()) {
      for (MailTemplateFile file : List.of(pair.text, pair.html)) {
        if (now.contains(file.name()) || !same) {
          file.look();
        }
      }
    }
    if (!same) {
      inFolder = now;
      Set<String> before = pairs.keySet();
      find();
      if (!before.equals(pairs.keySet())) {
        log.info("Mails {}* are written in {}", kind, new TreeSet<>(pairs.keySet()));
      }
    }
  }

  private void find() {
    Map<String, Pair> found = new HashMap<>();
    Map<String, String> faults = new TreeMap<>();
    Set<String> names = new TreeSet<>(inJar);
    names.addAll(inFolder);
    for (String file : names) {
      String tag = tag(file);
      String other = kind + tag + (file.endsWith(TEXT) ? HTML : TEXT);
      if (!Locale.forLanguageTag(tag).toLanguageTag().equals(tag)) {
        faults.put(file, tag + " is not a language tag as BCP 47 writes it, such as de or pt-BR");
      } else if (!names.contains(other)) {
        faults.put(file, "there is no " + other + " beside it");
      } else if (!found.containsKey(tag)) {
        Pair known = pairs.get(tag);
        found.put(tag, known == null ? pair(tag) : known);
      }
    }
    faults.forEach(
        (file, fault) -> {
          if (!fault.equals(refused.get(file))) {
            log.error("Mail template {} is refused: {}", folder.resolve(file), fault);
          }
        });
    refused = faults;
    pairs = found;
  }

  private Pair pair(String tag) {
    Locale locale = Locale.forLanguageTag(tag);
    List<Map<String, Object>> printed = samples.apply(locale);
    return new Pair(
        locale,
        new MailTemplateFile(folder, kind + tag + TEXT, printed),
        new MailTemplateFile(folder, kind + tag + HTML, printed));
  }

  private Set<String> inFolder() {
    String[] files = folder.toFile().list();
    return files == null ? Set.of() : templates(List.of(files));
  }

  private Set<String> inJar() {
    try {
      return templates(
          Stream.of(
                  new PathMatchingResourcePatternResolver()
                      .getResources("classpath*:templates/" + kind + "*"))
              .map(Resource::getFilename)
              .filter(Objects::nonNull)
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException("the jar's templates can't be listed", e);
    }
  }

  private Set<String> templates(List<String> files) {
    Set<String> names = new HashSet<>(files);
    names.removeIf(file -> !name.matcher(file).matches());
    return names;
  }

  private String tag(String file) {
    Matcher parts = name.matcher(file);
    if (!parts.matches()) {
      throw new IllegalArgumentException(file + " is no template's name");
    }
    return parts.group(1);
  }
}
