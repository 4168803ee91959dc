package orderflow.consumer;

import orderflow.RetryPolicy;
import orderflow.deadletter.DeadLetterRoute;
import orderflow.outbox.EventType;
import orderflow.platform.trace.Traces;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.RouteTemplateContext;
import org.apache.camel.builder.RouteBuilder;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;

/** What the routes of all consumers have in common: a batch is read, applied, and what can't be is filed. */
@Component
class OrderConsumerTemplate extends RouteBuilder {

  /** Each is applied by itself, so few are enough to be busy. */
  private static final int OWN_BATCH = 100;

  private static final Processor PARSE_OWN = new ParseRecords<>(OwnOrder::read);

  private final OrderConsumers consumers;
  private final OwnConsumerList own;
  private final OwnConsumerSettings settings;
  private final HeldRecords held;
  private final RetryPolicy policy;
  private final Traces traces;

  OrderConsumerTemplate(
      OrderConsumers consumers,
      OwnConsumerList own,
      OwnConsumerSettings settings,
      HeldRecords held,
      RetryPolicy policy,
      Traces traces) {
    this.consumers = consumers;
    this.own = own;
    this.settings = settings;
    this.held = held;
    this.policy = policy;
    this.traces = traces;
  }

  /** Before the routes that are made from it. */
  @Override
  public int getOrder() {
    return Ordered.HIGHEST_PRECEDENCE;
  }

  @Override
  public void configure() {
    Branch.addTo(getContext());
    ProducerTemplate routes = getContext().createProducerTemplate();

    routeTemplate("batch-consumer")
        .templateParameter("name", null, "the consumer's")
        .templateParameter("to", null, "the endpoint that applies a batch, wholly or not at all")
        .templateBean("parse", Processor.class, template -> new ParseRecords<>(consumer(template)::read))
        .templateBean("bisect", Processor.class, template ->
            new Bisect(routes, template.getProperty("to", String.class), consumer(template).name(), held))
        .templateBean("trace", Processor.class, template -> trace(template))
        .from("direct:{{name}}").routeConfigurationId(RetryPolicy.CONSUMER)
            .process("{{parse}}")
            .process("{{bisect}}")
            .filter(exchange -> !ParseRecords.isDryRun(exchange))
                .process("{{trace}}")
                .setProperty(DeadLetterRoute.CONSUMER, constant("{{name}}"))
                .to("direct:dead-letter");

    routeTemplate("order-consumer")
        .templateParameter("name", null, "the consumer's, of a-z, 0-9 and -")
        .templateParameter("to", null, "the endpoint that applies an order; its body is the event's JSON")
        .templateParameter("start", "now", "the orders of the first start: now (from then on) or beginning (all of the topic)")
        .templateBean("each", Processor.class, template -> ownConsumer(routes, template))
        .templateBean("trace", Processor.class, template -> trace(template))
        .from("direct:{{name}}").routeConfigurationId(RetryPolicy.CONSUMER)
            .process(PARSE_OWN)
            .process("{{each}}")
            .process("{{trace}}")
            .setProperty(DeadLetterRoute.CONSUMER, constant("{{name}}"))
            .to("direct:dead-letter");

    from("direct:apply-order").routeId("apply-order").routeConfigurationId(RetryPolicy.OWN_CONSUMER)
        .toD("${exchangeProperty.to}");

    routeTemplate("own-order-completed")
        .templateParameter("name")
        .from(OrderCompletedRoute.kafka(EventType.ORDER_COMPLETED, OwnConsumers.group("{{name}}"), 1, OWN_BATCH)).errorHandler(noErrorHandler())
            .autoStartup(false) // started once the topics are there
            .process(policy.began())
            .process(KafkaRecords.read(EventType.ORDER_COMPLETED))
            .multicast().to("direct:{{name}}").end()
            .process(KafkaRecords.COMMIT);
  }

  private ApplyEach ownConsumer(ProducerTemplate routes, RouteTemplateContext template) {
    String name = template.getProperty("name", String.class);
    own.add(name, template.getProperty("start", String.class));
    return new ApplyEach(
        routes, template.getProperty("to", String.class), held.of(name), settings.giveUpAfter());
  }

  private TraceBatch trace(RouteTemplateContext template) {
    return new TraceBatch(traces, template.getProperty("name", String.class));
  }

  private OrderConsumer<?> consumer(RouteTemplateContext template) {
    return consumers.get(template.getProperty("name", String.class));
  }
}
