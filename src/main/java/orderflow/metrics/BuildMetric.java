package orderflow.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Shows which version runs, so that a rolling upgrade can be watched. */
@Component
class BuildMetric implements MeterBinder {

  @Override
  public void bindTo(MeterRegistry registry) {
    String version = BuildMetric.class.getPackage().getImplementationVersion();
    Gauge.builder("orderflow.build.info", () -> 1)
        .description("1, with the version of the program")
        .tag("version", Objects.requireNonNullElse(version, "unknown"))
        .register(registry);
  }
}
