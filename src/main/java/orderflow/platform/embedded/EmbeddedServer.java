package orderflow.platform.embedded;

import java.util.Map;

/** A server that runs inside this application until it is closed. */
interface EmbeddedServer extends AutoCloseable {

  /** Where it is, in the settings an outside server would be named with. */
  Map<String, Object> properties();
}
