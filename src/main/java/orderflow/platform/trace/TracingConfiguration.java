package orderflow.platform.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnExpression;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes traces where an endpoint is configured; without one no class of the SDK is loaded. */
@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

  static final String NAME = "orderflow";

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnExpression("!'${orderflow.tracing.endpoint:}'.isBlank()")
  static class On {

    @Bean(destroyMethod = "close") // sends what is left
    SdkTracerProvider tracerProvider(TracingSettings settings) {
      String endpoint = settings.endpoint().replaceAll("/+$", "");
      return SdkTracerProvider.builder()
          .setResource(
              Resource.getDefault()
                  .merge(
                      Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), NAME))))
          .setSampler(
              new TraceSampler(settings.ratio(), settings.maxClientTraces(), System::nanoTime))
          .addSpanProcessor(
              BatchSpanProcessor.builder(
                      OtlpHttpSpanExporter.builder().setEndpoint(endpoint + "/v1/traces").build())
                  .build())
          .build();
    }

    @Bean
    Traces traces(SdkTracerProvider provider) {
      return new Traces(provider.get(NAME));
    }
  }

  @Bean
  @ConditionalOnMissingBean
  Traces noTraces() {
    return new Traces(null);
  }
}
