package orderflow;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Orderflow. */
@SpringBootApplication
public class Orderflow {

  public static void main(String[] args) {
    SpringApplication.run(Orderflow.class, args);
  }
}
