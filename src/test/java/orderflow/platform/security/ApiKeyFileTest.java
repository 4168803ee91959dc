package orderflow.platform.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import orderflow.platform.startup.StartupException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiKeyFileTest {

  @TempDir Path folder;

  @Test
  void aFirstStartMakesAKeyOnlyItsUserCanRead() throws Exception {
    Path file = folder.resolve("data/api-key");
    ApiKey key = new ApiKeyFile(file).key();
    String kept = Files.readString(file).strip();
    assertThat(kept).matches("[A-Za-z0-9_-]{43}");
    assertThat(key.isOf(ApiKey.digest(kept))).isTrue();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(folder.resolve("data")).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void aSecondStartKeepsIt() throws Exception {
    Path file = folder.resolve("api-key");
    new ApiKeyFile(file).key();
    String kept = Files.readString(file);
    assertThat(new ApiKeyFile(file).key().isOf(ApiKey.digest(kept.strip()))).isTrue();
    assertThat(file).hasContent(kept);
  }

  @Test
  void aFileThatHoldsNoKeyIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("api-key"), "two words");
    assertThatThrownBy(() -> new ApiKeyFile(file).key())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("ORDERFLOW_API_KEY");
  }
}
