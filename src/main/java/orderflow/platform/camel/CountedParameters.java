package orderflow.platform.camel;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements say by themselves how many parameters they have. camel-jdbc asks
 * that before each execution, and the driver would ask the server: a round trip for each statement.
 */
final class CountedParameters implements InvocationHandler {

  private static final String PREPARE = "prepareStatement";
  private static final String METADATA = "getParameterMetaData";
  private static final String COUNT = "getParameterCount";

  private final Connection connection;
  private final UntypedParameters parameters;

  private CountedParameters(Connection connection, UntypedParameters parameters) {
    this.connection = connection;
    this.parameters = parameters;
  }

  static Connection of(Connection connection, UntypedParameters parameters) {
    return proxy(Connection.class, new CountedParameters(connection, parameters));
  }

  @Override
  public @Nullable Object invoke(
      Object proxy, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    Object result = call(connection, method, arguments);
    if (result instanceof PreparedStatement statement
        && method.getName().equals(PREPARE)
        && arguments != null
        && arguments[0] instanceof String text) {
      Integer number = parameters.numberIn(text);
      return number == null ? statement : counted(statement, number);
    }
    return result;
  }

  private static PreparedStatement counted(PreparedStatement statement, int number) {
    ParameterMetaData metadata =
        proxy(
            ParameterMetaData.class,
            (proxy, method, arguments) ->
                method.getName().equals(COUNT)
                    ? number
                    : call(statement.getParameterMetaData(), method, arguments));
    return proxy(
        PreparedStatement.class,
        (proxy, method, arguments) ->
            method.getName().equals(METADATA) ? metadata : call(statement, method, arguments));
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            CountedParameters.class.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
