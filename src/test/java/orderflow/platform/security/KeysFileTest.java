package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import orderflow.platform.startup.StartupException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class KeysFileTest {

  @TempDir Path folder;
  private Path path;
  private int changes;
  private long nanos;

  @BeforeEach
  void name() {
    path = folder.resolve("api-keys");
  }

  @ParameterizedTest
  @ValueSource(strings = {"orders,coupons", "orders coupons"})
  void aKeyMadeByTheCommandIsKnownWithItsNameAndRoles(String roles) throws IOException {
    List<String> made = newKey(("new-key shop-1 " + roles).split(" "));
    write("# who may call\n\n" + made.get(1) + "\n");

    assertThat(find(new KeysFile(path), made.get(0)))
        .hasValue(new Principal("shop-1", EnumSet.of(Role.ORDERS, Role.COUPONS)));
    assertThat(find(new KeysFile(path), made.get(0) + "x")).isEmpty();
    assertThat(made.get(1)).doesNotContain(made.get(0));
  }

  @Test
  void theCommandRefusesWhatIsNoNameOrRole() {
    assertThat(NewKey.run(System.out, System.err, "new-key", "shop")).isEqualTo(2);
    assertThat(NewKey.run(System.out, System.err, "new-key", "shop", "admin")).isEqualTo(2);
    assertThat(NewKey.run(System.out, System.err, "new-key", "shop", "orders,admin")).isEqualTo(2);
    assertThat(NewKey.run(System.out, System.err, "new-key", "two words", "orders")).isEqualTo(2);
  }

  @Test
  void theCommandNamesEveryRole() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();

    NewKey.run(System.out, new PrintStream(err, true, StandardCharsets.UTF_8), "new-key", "shop");

    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains(Stream.of(Role.values()).map(Role::word).toList());
  }

  @Test
  void aChangedFileIsReadAgainAndAKeyThatIsGoneIsNoKey() throws IOException {
    List<String> before = newKey("new-key", "shop", "orders");
    List<String> after = newKey("new-key", "shop", "orders");
    write(before.get(1));
    KeysFile file = new KeysFile(path, () -> nanos);

    write(before.get(1) + "\n" + after.get(1));
    file.look();
    assertThat(find(file, before.get(0))).isPresent();
    assertThat(find(file, after.get(0))).isPresent();

    write(after.get(1));
    lookUntilQuiet(file);
    assertThat(find(file, before.get(0))).isEmpty();
    assertThat(find(file, after.get(0))).isPresent();
  }

  /** As an editor or a script does it that does not write another file and move it. */
  @Test
  void aFileThatIsBeingRewrittenLocksNobodyOut(CapturedOutput log) throws IOException {
    List<String> first = newKey("new-key", "shop", "orders");
    List<String> second = newKey("new-key", "marketing", "coupons");
    List<String> third = newKey("new-key", "support", "operator");
    write(first.get(1) + "\n" + second.get(1));
    KeysFile file = new KeysFile(path, () -> nanos);

    for (String half :
        List.of("", first.get(1).substring(0, 20), first.get(1) + "\n", first.get(1) + "\nmark")) {
      write(half);
      file.look();
      second();
      file.look();
      assertThat(find(file, first.get(0))).isPresent();
      assertThat(find(file, second.get(0))).isPresent();
    }
    write(first.get(1) + "\n" + second.get(1) + "\n" + third.get(1));
    file.look();
    assertThat(find(file, third.get(0))).as("what is added counts at once").isPresent();
    assertThat(lines(log))
        .noneMatch(line -> line.contains("is refused"))
        .filteredOn(line -> line.contains("lost some"))
        .hasSize(1);
  }

  @Test
  void anEmptyFileThatStaysEmptyLocksEverybodyOut() throws IOException {
    List<String> key = newKey("new-key", "shop", "orders");
    write(key.get(1));
    KeysFile file = new KeysFile(path, () -> nanos);

    write("");
    lookUntilQuiet(file);

    assertThat(find(file, key.get(0))).isEmpty();
  }

  @Test
  void aBrokenOrLostFileIsToldInALineAndTheLastGoodOneStays(CapturedOutput log) throws IOException {
    List<String> good = newKey("new-key", "shop", "orders");
    write(good.get(1));
    KeysFile file = new KeysFile(path, () -> nanos);

    write(good.get(1) + "\nother orders the-key-itself-by-mistake");
    lookUntilQuiet(file);
    file.look();
    Files.delete(path);
    lookUntilQuiet(file);

    assertThat(find(file, good.get(0))).isPresent();
    assertThat(lines(log).filter(line -> line.contains("is refused")))
        .hasSize(2)
        .anyMatch(line -> line.contains("line 2 is not: name role,role sha256:"))
        .anyMatch(line -> line.contains("it is missing"));
    assertThat(log).doesNotContain("the-key-itself-by-mistake");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop orders",
        "shop sha256:0000",
        "shop orders sha256:00",
        "shop admin sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "shop orders md5:0000000000000000000000000000000000000000000000000000000000000000",
        "a b orders sha256:0000000000000000000000000000000000000000000000000000000000000000"
      })
  void aStartWithABrokenFileIsRefused(String line) throws IOException {
    write(line);

    assertThatThrownBy(() -> new KeysFile(path))
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining("line 1");
  }

  @Test
  void noFileHoldsNoKeys() {
    assertThat(new KeysFile(path).keys()).isEmpty();
  }

  /** About this test's file: other applications of the tests have theirs. */
  private Stream<String> lines(CapturedOutput log) {
    return log.toString().lines().filter(line -> line.contains(path.toString()));
  }

  private static Optional<Principal> find(KeysFile file, String key) {
    return new Authenticator(ApiKey.ofOperator("another-key-than-all-of-these"), file, null)
        .find(key);
  }

  private void lookUntilQuiet(KeysFile file) {
    for (int i = 0; i < 4; i++) {
      file.look();
      second();
    }
  }

  private void second() {
    nanos += Duration.ofSeconds(1).toNanos();
  }

  /** With a time of its own, however fast the test is. */
  private void write(String content) throws IOException {
    Files.writeString(path, content);
    Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH.plusSeconds(++changes)));
  }

  private static List<String> newKey(String... arguments) {
    var out = new ByteArrayOutputStream();
    assertThat(NewKey.run(new PrintStream(out), System.err, arguments)).isZero();
    return out.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
