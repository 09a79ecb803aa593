package dev.merlon.model.data.fetch;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Optional;
import javax.net.ssl.SSLException;

/** Says in a few words why a server gave nothing. */
final class NetworkProblem {
  private NetworkProblem() {}

  /** The words, without a place's name. */
  static String words(IOException problem, Patience patience) {
    if (isUnknownHost(problem)) {
      return "the host is unknown, or there is no network";
    }
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpConnectTimeoutException) {
        return "no connection within " + patience.connect().toSeconds() + " s";
      }
      if (cause instanceof SSLException) {
        return "no safe connection: " + message(cause);
      }
    }
    if (problem instanceof ConnectException) {
      return "no connection";
    }
    return message(problem);
  }

  /** Whether a host's name leads nowhere: asking again at once would not help. */
  static boolean isUnknownHost(IOException problem) {
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  private static String message(Throwable problem) {
    return Optional.ofNullable(problem.getMessage()).orElse(problem.getClass().getSimpleName());
  }
}
