package orderflow.bench;

import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The work of the processor alone, by JMH: see micro.sh. */
final class Micro {

  private Micro() {}

  public static void main(String[] arguments) throws Exception {
    var seconds = TimeValue.seconds(2);
    new Runner(
            new OptionsBuilder()
                .parent(new CommandLineOptions(arguments))
                .forks(2)
                .warmupIterations(3)
                .warmupTime(seconds)
                .measurementIterations(3)
                .measurementTime(seconds)
                .addProfiler("gc")
                .resultFormat(ResultFormatType.JSON)
                .result("target/bench/micro.json")
                .build())
        .run();
  }
}
