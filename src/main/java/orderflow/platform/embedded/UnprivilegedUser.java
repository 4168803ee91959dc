package orderflow.platform.embedded;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The user PostgreSQL's programs run as: this process's own, but never root, as which they refuse
 * to run. Root takes them into a user namespace where it is nobody, or, where the system allows
 * none (as in most containers), becomes nobody for them.
 */
class UnprivilegedUser {

  private static final String NOBODY = "65534";

  private final List<String> prefix;

  private UnprivilegedUser(List<String> prefix) {
    this.prefix = prefix;
  }

  static UnprivilegedUser find() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return new UnprivilegedUser(List.of());
    }
    List<String> namespace = List.of("unshare", "--user");
    return new UnprivilegedUser(
        works(namespace)
            ? namespace
            : List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
  }

  ProcessBuilder command(Path program, List<String> arguments) {
    var command = new ArrayList<>(prefix);
    command.add(program.toString());
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  /** Hands a new file or folder to the user the programs run as. */
  void give(Path path) throws IOException {
    if (prefix.contains("setpriv")) {
      Files.setOwner(
          path,
          FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName(NOBODY));
    }
  }

  private static boolean works(List<String> prefix) {
    var command = new ArrayList<>(prefix);
    command.add("true");
    try {
      return new ProcessBuilder(command).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
