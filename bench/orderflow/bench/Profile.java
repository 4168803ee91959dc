package orderflow.bench;

import com.sun.tools.attach.VirtualMachine;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Where the application's processor time goes in the closed loop or an import: see profile.sh. */
final class Profile {

  private static final Path FLAMES = Path.of("target/bench/flames.html");
  private static final int WARM_UP_ORDERS = 60_000;
  private static final int ROWS = 300_000;

  private Profile() {}

  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments);
    try (Rig rig = Rig.start("profile")) {
      Stage profiled =
          options.contains("import") ? warmImport(rig, options) : warmLoop(rig, options);
      long pid = rig.application.process().pid();
      Path library = library(rig.servers.folder());
      Path stacks = rig.servers.folder().resolve("stacks");
      tell(pid, library, "start,event=ctimer,interval=1ms,threads");
      profiled.run(rig, new Report());
      tell(pid, library, "dump,collapsed,threads,file=" + stacks);
      tell(pid, library, "stop,flamegraph,threads,file=" + FLAMES.toAbsolutePath());
      Stacks.read(stacks).print();
      System.out.println("\nflame graph: " + FLAMES + ", stacks: " + stacks);
    }
    System.exit(0);
  }

  private static Stage warmLoop(Rig rig, List<String> options) throws Exception {
    rig.warmUp(options.isEmpty() ? WARM_UP_ORDERS : Integer.parseInt(options.get(0)));
    return new ClosedLoop();
  }

  private static Stage warmImport(Rig rig, List<String> options) throws Exception {
    var imports = new ImportAlone(options.size() == 1 ? ROWS : Integer.parseInt(options.get(1)));
    imports.run(rig, new Report());
    rig.settle();
    return imports;
  }

  private static void tell(long pid, Path library, String command) throws Exception {
    VirtualMachine application = VirtualMachine.attach(String.valueOf(pid));
    try {
      application.loadAgentPath(library.toString(), command);
    } finally {
      application.detach();
    }
  }

  private static Path library(Path folder) throws Exception {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    String name = "/linux-" + machine + "/libasyncProfiler.so";
    Path library = folder.resolve("libasyncProfiler.so");
    try (InputStream in = Profile.class.getResourceAsStream(name)) {
      Files.copy(Objects.requireNonNull(in, name), library);
    }
    return library;
  }
}
