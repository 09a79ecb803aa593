package dev.merlon.model.data.fetch;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Proxies by the environment variables that command-line tools share: {@code HTTPS_PROXY}, {@code
 * HTTP_PROXY} and {@code NO_PROXY}, in capitals or not. Where they say nothing Java's own choice
 * (its system properties) stands.
 */
final class EnvironmentProxies extends ProxySelector {
  private final Map<String, String> environment;
  private final ProxySelector otherwise;

  /**
   * @param environment names and values
   * @param otherwise asked where the environment names no proxy
   * @throws MerlonException (configuration) if a proxy is not of the form {@code http://HOST:PORT}
   */
  EnvironmentProxies(Map<String, String> environment, ProxySelector otherwise) {
    this.environment = Map.copyOf(environment);
    this.otherwise = otherwise;
    Stream.of("HTTP_PROXY", "HTTPS_PROXY")
        .forEach(name -> variable(name).ifPresent(EnvironmentProxies::address));
  }

  @Override
  public List<Proxy> select(URI place) {
    Optional<String> named = variable(place.getScheme().toUpperCase(Locale.ROOT) + "_PROXY");
    if (named.isEmpty()) {
      return otherwise.select(place);
    }
    return excepted(place.getHost())
        ? List.of(Proxy.NO_PROXY)
        : List.of(new Proxy(Proxy.Type.HTTP, address(named.get())));
  }

  @Override
  public void connectFailed(URI place, SocketAddress proxy, IOException problem) {
    otherwise.connectFailed(place, proxy, problem);
  }

  private Optional<String> variable(String name) {
    return Stream.of(name.toLowerCase(Locale.ROOT), name)
        .map(spelling -> environment.getOrDefault(spelling, ""))
        .filter(value -> !value.isBlank())
        .findFirst();
  }

  private boolean excepted(String host) {
    return variable("NO_PROXY").stream()
        .flatMap(list -> Stream.of(list.split(",", -1)))
        .map(String::strip)
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> entry.equals("*") || matches(host, entry.replaceFirst("^\\*?\\.", "")));
  }

  private static boolean matches(String host, String domain) {
    return host.equalsIgnoreCase(domain)
        || host.toLowerCase(Locale.ROOT).endsWith("." + domain.toLowerCase(Locale.ROOT));
  }

  private static InetSocketAddress address(String proxy) {
    try {
      URI uri = URI.create(proxy.contains("://") ? proxy : "http://" + proxy);
      if (uri.getHost() != null && uri.getUserInfo() == null) {
        return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
      }
    } catch (IllegalArgumentException malformed) {
      // Refused below. The value may hold a password and is not repeated.
    }
    throw MerlonException.configuration(
        "The proxy in the environment is not of the form http://HOST:PORT",
        "Name it so, without user and password, in HTTPS_PROXY and HTTP_PROXY.");
  }
}
