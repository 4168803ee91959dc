package orderflow.platform.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a migration may not do while the version before runs beside this one, on tables with
 * millions of rows.
 */
class MigrationRulesTest {

  private static final Path SCRIPTS = Path.of("src/main/resources/db/migration");

  /** Tables that stay small, whatever the shop sells; all others count as large. */
  private static final Set<String> SMALL =
      Set.of(
          "coupon",
          "import",
          "instance",
          "lease",
          "own_consumer",
          "reconcile_progress",
          "dead_letter_replay",
          "erased_customer",
          "erased_address");

  private record Rule(String name, Pattern pattern) {

    Rule(String name, String pattern) {
      this(name, Pattern.compile(pattern, Pattern.CASE_INSENSITIVE));
    }
  }

  private static final String REWRITES = "rewrites a table";
  private static final String NOT_NULL = "asks for a value that the version before does not write";
  private static final String TAKES_AWAY = "takes away what the version before reads";
  private static final String SCANS = "reads a large table under a lock";
  private static final String BLOCKS = "makes an index while a large table takes no writes";

  private static final List<Rule> RULES =
      List.of(
          new Rule(REWRITES, "alter column \\w+ (set data )?type\\b"),
          new Rule(REWRITES, "add column [^,;]*?generated always as \\("),
          new Rule(REWRITES, "add column [^,;]*?generated (always|by default) as identity"),
          new Rule(
              REWRITES,
              "add column [^,;]*?default \\(?(random|gen_random_uuid|clock_timestamp|nextval)"),
          new Rule(NOT_NULL, "add column (?![^,;]*\\b(default|generated)\\b)[^,;]*\\bnot null\\b"),
          new Rule(SCANS, "alter column \\w+ set not null"),
          new Rule(TAKES_AWAY, "\\bdrop (column|table|view|function)\\b"),
          new Rule(TAKES_AWAY, "\\brename (column|to|constraint)\\b"),
          new Rule(TAKES_AWAY, "alter column \\w+ drop default"),
          new Rule(
              SCANS,
              "^(?=.*\\badd (constraint \\w+ )?(check|foreign key)\\b)(?!.*\\bnot valid\\b)"),
          new Rule(BLOCKS, "add (constraint \\w+ )?(primary key|unique) \\("),
          new Rule(BLOCKS, "create (unique )?index (?!concurrently)"),
          new Rule("sets its own time-out for locks", "lock_timeout"),
          new Rule("locks a whole table", "\\block table\\b"));

  /** Rules that scripts of before were found to break, and why that is borne. */
  private static final Map<String, String> EXCEPTIONS =
      Map.ofEntries(
          Map.entry("V4 outbox " + BLOCKS, "the outbox holds what is on its way, which is little"),
          Map.entry(
              "V4 mail " + BLOCKS, "released: the index of due mails holds queued ones alone"),
          Map.entry("V5 dead_letter " + REWRITES, "released: dead letters are few as a rule"),
          Map.entry("V5 dead_letter " + BLOCKS, "released: of those that wait alone"),
          Map.entry("V3 dead_letter " + BLOCKS, "released: of those that wait alone"),
          Map.entry("V8 dead_letter " + BLOCKS, "released: dead letters are few as a rule"),
          Map.entry("V8 mail " + BLOCKS, "released: of mails that still have their event"),
          Map.entry("V14 outbox " + BLOCKS, "the outbox holds what is on its way, which is little"),
          Map.entry("V19 dead_letter " + BLOCKS, "dead letters are few as a rule"),
          Map.entry("V19 operator_action " + BLOCKS, "what people do by hand is little"),
          Map.entry("V20 dead_letter " + BLOCKS, "the columns are new: no row is in these indexes"),
          Map.entry("V17 orders " + BLOCKS, "the columns are new: no row is in these indexes"));

  private record Breach(String script, String table, String rule) {

    @Override
    public String toString() {
      return script + " " + table + " " + rule;
    }
  }

  @Test
  void scriptsKeepTheRulesOrAreExcepted() {
    Set<String> breaches =
        scripts()
            .flatMap(script -> breaches(number(script), read(script)).stream())
            .map(Breach::toString)
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(breaches).containsExactlyInAnyOrderElementsOf(EXCEPTIONS.keySet());
  }

  /** Each script is one transaction: half a script can't be tried again. */
  @Test
  void scriptsAreNotTransactionsOfTheirOwn() {
    assertThat(scripts())
        .allSatisfy(
            script ->
                assertThat(statements(read(script)))
                    .noneMatch(
                        statement -> statement.matches("(?is)(begin|commit|rollback)\\b.*")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter table orders add column a text not null | " + NOT_NULL,
        "alter table orders add column a text, add column b int not null | " + NOT_NULL,
        "alter table orders alter column total type bigint | " + REWRITES,
        "alter table orders add column a bigint generated always as identity | " + REWRITES,
        "alter table orders alter column a set not null | " + SCANS,
        "alter table orders add constraint c check (total > 0) | " + SCANS,
        "alter table orders drop column total | " + TAKES_AWAY,
        "alter table orders rename column total to sum | " + TAKES_AWAY,
        "drop table orders | " + TAKES_AWAY,
        "create index i on orders (total) | " + BLOCKS,
        "create unique index i on mail (order_id) where state = 'QUEUED' | " + BLOCKS,
        "alter table mail add primary key (order_id) | " + BLOCKS
      })
  void findsWhatBreaksARule(String statement, String rule) {
    assertThat(breaches("V1000", statement + ";")).extracting(Breach::rule).containsExactly(rule);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alter table orders add column a text",
        "alter table orders add column a integer not null default 0",
        "alter table orders add constraint c check (total > 0) not valid",
        "create index concurrently i on orders (total)",
        "create index i on coupon (code)",
        "create table x (a int not null check (a > 0)); create index i on x (a)"
      })
  void passesWhatBreaksNone(String statements) {
    assertThat(breaches("V1000", statements + ";")).isEmpty();
  }

  /**
   * A statement that is prepared for all columns fails once for each connection when a later
   * version adds one. Outside of a transaction the driver prepares it anew by itself.
   */
  @Test
  void noStatementInTheTransactionOfAnOrderReadsAllColumnsOfATable() {
    Pattern all = Pattern.compile("select (\\w+\\.)?\\* from (orders|order_item|coupon|outbox)\\b");
    for (String folder : List.of("intake", "coupon", "outbox", "point")) {
      assertThat(javaFiles(Path.of("src/main/java/orderflow", folder)))
          .allSatisfy(file -> assertThat(read(file)).doesNotContainPattern(all));
    }
    assertThat(javaFiles(Path.of("src/main/resources/sql")))
        .allSatisfy(file -> assertThat(read(file)).doesNotContainPattern(all));
  }

  private static List<Breach> breaches(String script, String text) {
    List<Breach> found = new ArrayList<>();
    Set<String> isNew = new TreeSet<>();
    for (String statement : statements(text)) {
      Matcher made = Pattern.compile("(?i)create table (\\w+)").matcher(statement);
      if (made.lookingAt()) {
        isNew.add(made.group(1));
        continue;
      }
      String table = table(statement);
      if (isNew.contains(table)) {
        continue;
      }
      for (Rule rule : RULES) {
        boolean ofSize = Set.of(BLOCKS, SCANS, REWRITES).contains(rule.name());
        if (rule.pattern().matcher(statement).find() && !(ofSize && SMALL.contains(table))) {
          found.add(new Breach(script, table, rule.name()));
        }
      }
    }
    return found;
  }

  private static String table(String statement) {
    Matcher named =
        Pattern.compile("(?i)(?:alter table|drop table|lock table|\\bon) (?:only )?(\\w+)")
            .matcher(statement);
    return named.find() ? named.group(1).toLowerCase(Locale.ROOT) : "-";
  }

  /** Without comments, each on one line. */
  private static List<String> statements(String text) {
    String plain =
        text.replaceAll("(?s)\\$\\$.*?\\$\\$", "''")
            .replaceAll("--[^\n]*", "")
            .replaceAll("\\s+", " ");
    return Stream.of(plain.split(";")).map(String::strip).filter(it -> !it.isEmpty()).toList();
  }

  private static String number(Path script) {
    return script.getFileName().toString().replaceAll("__.*", "");
  }

  private static Stream<Path> scripts() {
    return javaFiles(SCRIPTS).stream();
  }

  private static List<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
