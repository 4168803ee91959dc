package orderflow.platform.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import orderflow.platform.retry.BackgroundLoop;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

class InstanceRolesTest {

  private final ApplicationContextRunner instance =
      new ApplicationContextRunner().withUserConfiguration(Work.class);

  @Test
  void whatIsOfARoleIsThereOnInstancesWithItAlone() {
    instance
        .withPropertyValues("orderflow.roles=relay, mails")
        .run(
            running -> {
              assertThat(running).hasBean("ofMails").doesNotHaveBean("ofImports");
              assertThat(running.getBean(InstanceRoles.class)).hasToString("relay, mails");
              assertThat(running.getBean(InstanceRoles.class).areAll()).isFalse();
            });
  }

  @Test
  void anInstanceThatDoesAllHasAllRoles() {
    instance
        .withPropertyValues("orderflow.roles=http, relay, consumers, mails, imports, maintenance")
        .run(
            running -> {
              assertThat(running).hasBean("ofMails").hasBean("ofImports");
              assertThat(running.getBean(InstanceRoles.class).areAll()).isTrue();
            });
  }

  /** A loop without a role would run on each instance, whatever its roles are. */
  @Test
  void everyLoopIsOfARole() {
    List<Method> loops = loops();

    assertThat(loops)
        .hasSizeGreaterThan(7)
        .allSatisfy(loop -> assertThat(loop.isAnnotationPresent(OnInstanceRole.class)).isTrue());
  }

  private static List<Method> loops() {
    var scanner = new ClassPathScanningCandidateComponentProvider(false);
    scanner.addIncludeFilter(new AnnotationTypeFilter(Configuration.class));
    return scanner.findCandidateComponents("orderflow").stream()
        .map(found -> ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()), null))
        .flatMap(configuration -> Arrays.stream(configuration.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Bean.class))
        .filter(method -> method.getReturnType() == BackgroundLoop.class)
        .toList();
  }

  @Configuration(proxyBeanMethods = false)
  @EnableConfigurationProperties(InstanceRoles.class)
  static class Work {

    @Bean
    @OnInstanceRole(InstanceRole.MAILS)
    String ofMails() {
      return "mails";
    }

    @Bean
    @OnInstanceRole(InstanceRole.IMPORTS)
    String ofImports() {
      return "imports";
    }
  }
}
