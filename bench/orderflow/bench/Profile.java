package orderflow.bench;

import com.sun.tools.attach.VirtualMachine;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the application's processor time goes: see profile.sh. */
final class Profile {

  private static final Path FLAMES = Path.of("target/bench/flames.html");
  private static final int WARM_UP_ORDERS = 60_000;
  private static final int SECONDS = 30;

  private Profile() {}

  public static void main(String[] arguments) throws Exception {
    String what = arguments.length == 0 ? "closed" : arguments[0];
    int size = arguments.length < 2 ? 0 : Integer.parseInt(arguments[1]);
    Stage profiled =
        switch (what) {
          case "closed" -> new ClosedLoop();
          case "open" -> new OpenLoop(size == 0 ? 200 : size, SECONDS);
          case "backlog" -> new Backlog();
          case "import" -> new ImportAlone(size == 0 ? 300_000 : size);
          default -> throw new IllegalArgumentException(what);
        };
    try (Rig rig = Rig.start("profile")) {
      if (what.equals("import")) {
        profiled.run(rig, new Report());
        rig.settle();
      } else {
        rig.warmUp(WARM_UP_ORDERS);
      }
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
