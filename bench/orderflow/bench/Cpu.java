package orderflow.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Processor time of everything that takes part, from one moment to another. */
final class Cpu {

  /** The name of this process among the others. */
  static final String GENERATOR = "load generator";

  private final Map<String, Server> servers;
  private final Map<String, Double> before = new LinkedHashMap<>();

  /** Begins to count. */
  Cpu(Map<String, Server> servers) {
    this.servers = servers;
    before.putAll(seconds());
  }

  /** Seconds since this was made, by name. */
  Map<String, Double> used() {
    Map<String, Double> used = seconds();
    used.replaceAll((name, seconds) -> seconds - before.get(name));
    return used;
  }

  private Map<String, Double> seconds() {
    Map<String, Double> now = new LinkedHashMap<>();
    servers.forEach((name, server) -> now.put(name, Machine.cpuSeconds(server.process())));
    var self = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    now.put(GENERATOR, self.getProcessCpuTime() / 1e9);
    return now;
  }
}
