package orderflow.platform.security;

import java.io.PrintStream;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The command that generates a key: {@code new-key NAME ROLE[,ROLE…]}. */
public final class NewKey {

  private static final int KEY_BYTES = 32;

  private NewKey() {}

  /** Whether the arguments are this command. */
  public static boolean isAskedFor(String... arguments) {
    return arguments.length > 0 && arguments[0].equals("new-key");
  }

  /**
   * Prints a new key, and the line with its hash for the file of keys.
   *
   * @return the process's exit code
   */
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    List<String> words = Arrays.asList(arguments);
    List<String> named =
        words.stream().skip(2).flatMap(word -> Stream.of(word.split(","))).toList();
    Set<Role> roles = EnumSet.noneOf(Role.class);
    named.forEach(word -> Role.of(word).ifPresent(roles::add));
    if (roles.isEmpty()
        || roles.size() < named.size()
        || !words.get(1).matches("[A-Za-z0-9._-]{1,64}")) {
      err.println("new-key NAME ROLE[,ROLE…]: the roles are " + Role.words());
      return 2;
    }
    String key = random();
    err.println("The key, which is shown this once and kept nowhere:");
    out.println(key);
    err.println("Its line for the file of keys (orderflow.security.keys-file):");
    out.println(
        words.get(1)
            + " "
            + KeysFile.words(roles)
            + " sha256:"
            + HexFormat.of().formatHex(ApiKey.digest(key)));
    return 0;
  }

  /** 256 random bits, in characters that need no escaping anywhere. */
  static String random() {
    byte[] key = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }
}
