package orderflow.fileimport;

import java.io.IOException;
import orderflow.platform.lease.Lease;
import orderflow.platform.lease.Leases;
import org.jspecify.annotations.Nullable;

/** The leases by which one instance at a time is at a file of the inbox. */
final class ImportLeases {

  private static final String KIND = "import";

  private final Leases leases;
  private final Inbox inbox;

  ImportLeases(Leases leases, Inbox inbox) {
    this.leases = leases;
    this.inbox = inbox;
  }

  /**
   * Takes the lease of a file.
   *
   * @return null if another instance is at the file
   */
  @Nullable Lease take(String file) throws IOException {
    return leases.take(KIND + " " + inbox.id() + " " + file); // neither of the two has a blank
  }

  /**
   * @throws ImportTakenOver if the lease is gone
   */
  static void requireHeld(Lease lease) {
    if (!lease.isHeld()) {
      throw new ImportTakenOver(lease.name().split(" ", 3)[2]); // the file
    }
  }
}
