package orderflow.platform.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** What the servlet container itself refuses, answered like everything else. */
@Controller
class ErrorPage implements ErrorController {

  private final ProblemWriter problems;

  ErrorPage(ProblemWriter problems) {
    this.problems = problems;
  }

  @RequestMapping("/error")
  void answer(HttpServletRequest request, HttpServletResponse response) {
    Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    problems.answer(
        Problem.of(ProblemType.ofStatus(status instanceof Integer code ? code : 404)), response);
  }
}
