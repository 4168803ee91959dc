package orderflow.platform.camel;

import java.util.HashMap;
import orderflow.platform.kafka.Brokers;
import org.apache.camel.Component;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.spi.ComponentCustomizer;

/** Gives every Kafka endpoint the settings of the operator's brokers: TLS, login. */
@org.springframework.stereotype.Component
class KafkaClientProperties implements ComponentCustomizer {

  private final Brokers brokers;

  KafkaClientProperties(Brokers brokers) {
    this.brokers = brokers;
  }

  @Override
  public void configure(String name, Component component) {
    if (component instanceof KafkaComponent kafka) {
      kafka.getConfiguration().setAdditionalProperties(new HashMap<>(brokers.properties()));
    }
  }
}
