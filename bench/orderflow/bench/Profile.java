package orderflow.bench;

import com.sun.tools.attach.VirtualMachine;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Where the application's processor time goes in the closed loop: see profile.sh. */
final class Profile {

  private static final Path FLAMES = Path.of("target/bench/flames.html");

  private Profile() {}

  public static void main(String[] arguments) throws Exception {
    int warmUp = arguments.length == 0 ? 60_000 : Integer.parseInt(arguments[0]);
    try (Rig rig = Rig.start("profile")) {
      rig.warmUp(warmUp);
      long pid = rig.application.process().pid();
      Path library = library(rig.servers.folder());
      Path stacks = rig.servers.folder().resolve("stacks");
      var report = new Report();
      tell(pid, library, "start,event=ctimer,interval=1ms,threads");
      new ClosedLoop().run(rig, report);
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
