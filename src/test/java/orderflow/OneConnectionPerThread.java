package orderflow;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.sql.DataSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestExecutionListener;

/**
 * Fails every test in which a thread of the application asks for a database connection while it
 * holds another: as many such threads as there are connections wait for one another. It is active
 * in every application context that a test starts.
 */
public final class OneConnectionPerThread extends DelegatingDataSource {

  /** What was found since a test last looked. */
  private static final Queue<IllegalStateException> FOUND = new ConcurrentLinkedQueue<>();

  private record Held(Connection connection, Throwable taken) {}

  private final ThreadLocal<Held> held = new ThreadLocal<>();

  public OneConnectionPerThread(DataSource database) {
    super(database);
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (isExempt(StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst()).get())) {
      return super.getConnection();
    }
    Held first = held.get();
    if (first != null && !first.connection().isClosed()) { // a lost one need not be given back
      IllegalStateException second =
          new IllegalStateException(
              "a thread that holds a connection asks for a second one", first.taken());
      FOUND.add(second);
      throw second;
    }
    Connection connection = super.getConnection();
    held.set(new Held(connection, new Throwable("the first one was taken here")));
    return watched(connection);
  }

  /** A test may hold one of its own. */
  private static boolean isExempt(StackWalker.StackFrame caller) {
    return caller.getClassName().endsWith("Test");
  }

  private Connection watched(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("close")) {
                held.remove();
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Puts it before the data source of every application. */
  public static final class Initializer
      implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
      context
          .getBeanFactory()
          .addBeanPostProcessor(
              new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                  return name.equals("dataSource")
                          && bean instanceof DataSource database
                          && bean.getClass().getName().startsWith("orderflow.database.")
                      ? new OneConnectionPerThread(database)
                      : bean;
                }
              });
    }
  }

  /** Fails the test that it was found in. */
  public static final class Listener implements TestExecutionListener {

    @Override
    public void afterTestMethod(TestContext test) {
      IllegalStateException first = FOUND.poll();
      FOUND.clear();
      if (first != null) {
        throw first;
      }
    }
  }
}
