package orderflow.platform.jdbc;

import com.zaxxer.hikari.HikariConfig;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.flyway.FlywayConfigurationCustomizer;
import org.springframework.boot.autoconfigure.flyway.FlywayDataSource;
import org.springframework.boot.autoconfigure.flyway.FlywayMigrationStrategy;
import org.springframework.boot.autoconfigure.flyway.FlywayProperties;
import org.springframework.boot.autoconfigure.jdbc.DataSourceProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;

/** The application's data source, and the one that its schema is migrated over. */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {

  private static final Logger log = LoggerFactory.getLogger(DatabaseConfiguration.class);
  private static final String HIKARI = "spring.datasource.hikari";

  @Bean
  Pools pools(DatabaseSettings settings, DataSourceProperties database, Environment environment) {
    if (environment.containsProperty(HIKARI + ".maximum-pool-size")) {
      log.warn(
          "{}.maximum-pool-size has no effect: set orderflow.database.*.connections instead",
          HIKARI);
    }
    return new Pools(settings, database, () -> common(environment));
  }

  @Bean
  DataSource dataSource(Pools pools) {
    return pools.routed();
  }

  /** Not pooled: a script may take hours, and one connection after the other is all it needs. */
  @Bean(defaultCandidate = false)
  @FlywayDataSource
  DataSource migrationDataSource(
      DatabaseSettings settings,
      DataSourceProperties database,
      FlywayProperties flyway,
      Environment environment) {
    String url = flyway.getUrl() == null ? database.determineUrl() : flyway.getUrl();
    Properties properties = common(environment).getDataSourceProperties();
    properties.remove("socketTimeout");
    // An address of its own leads past the pooler.
    if (!isPooled(settings) || flyway.getUrl() != null) {
      properties.setProperty(
          "options", SessionOptions.forMigrations(settings, Migrations.LOCK_TIMEOUT, url));
    }
    properties.putIfAbsent("ApplicationName", "orderflow migrations");
    SimpleDriverDataSource migrations =
        new SimpleDriverDataSource(new Driver(), SessionOptions.urlWithout(url));
    migrations.setConnectionProperties(properties);
    migrations.setUsername(
        flyway.getUser() == null ? database.determineUsername() : flyway.getUser());
    migrations.setPassword(
        flyway.getUser() == null ? database.determinePassword() : flyway.getPassword());
    return migrations;
  }

  @Bean
  FlywayMigrationStrategy migrations() {
    return new Migrations(Duration.ofSeconds(1));
  }

  /** Behind a pooler the settings of migrations hold for the transaction of each. */
  @Bean
  FlywayConfigurationCustomizer settingsOfMigrations(
      DatabaseSettings settings, DataSourceProperties database, FlywayProperties flyway) {
    return configuration -> {
      if (isPooled(settings) && flyway.getUrl() == null) {
        configuration.callbacks(
            new MigrationSession(
                SessionOptions.byName(
                    SessionOptions.forMigrations(
                        settings, Migrations.LOCK_TIMEOUT, database.determineUrl())),
                SessionOptions.byName(SessionOptions.ofSession(settings)).keySet()));
      }
    };
  }

  @Bean
  JdbcTransactionManager transactionManager(
      DataSource dataSource, DatabaseSettings settings, DataSourceProperties database) {
    return new DatabaseTransactions(dataSource, settings, database.determineUrl());
  }

  private static boolean isPooled(DatabaseSettings settings) {
    return settings.pooler() == Pooler.SESSION || settings.pooler() == Pooler.TRANSACTION;
  }

  private static HikariConfig common(Environment environment) {
    return Binder.get(environment).bindOrCreate(HIKARI, HikariConfig.class);
  }
}
