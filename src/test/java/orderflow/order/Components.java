package orderflow.order;

import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** What records consist of, for tests that no component may be missed by. */
public final class Components {

  private Components() {}

  public static List<String> names(Class<? extends Record> type) {
    return Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  /** The components that are null, in records within it too. */
  public static List<String> absentIn(Record record) {
    return Stream.of(record.getClass().getRecordComponents())
        .flatMap(component -> absent(component.getName(), value(component, record)))
        .toList();
  }

  private static Stream<String> absent(String name, Object value) {
    if (value == null) {
      return Stream.of(name);
    }
    if (value instanceof Record inner) {
      return absentIn(inner).stream().map(absent -> name + "." + absent);
    }
    return value instanceof Collection<?> all
        ? all.stream().flatMap(element -> absent(name, element))
        : Stream.of();
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
