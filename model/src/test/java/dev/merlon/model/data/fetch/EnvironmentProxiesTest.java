package dev.merlon.model.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentProxiesTest {
  private static final Proxy JAVA =
      new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("java", 1));

  @Test
  void select_nothingInTheEnvironment_leavesTheChoiceToJava() {
    assertThat(chosen(Map.of(), "https://data.example.org/x")).isEqualTo(JAVA);
    assertThat(chosen(Map.of("HTTPS_PROXY", " "), "https://data.example.org/x")).isEqualTo(JAVA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:3128", "127.0.0.1:3128", "http://127.0.0.1:3128/"})
  void select_proxyOfTheScheme_isTaken(String proxy) {
    Map<String, String> environment = Map.of("https_proxy", proxy);

    assertThat(chosen(environment, "https://data.example.org/x").address())
        .hasToString("/127.0.0.1:3128");
    assertThat(chosen(environment, "http://data.example.org/x")).isEqualTo(JAVA);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "example.org", "a.net, .example.org", "*.example.org"})
  void select_hostIsExcepted_goesDirectly(String exceptions) {
    var environment = Map.of("HTTPS_PROXY", "127.0.0.1:1", "NO_PROXY", exceptions);

    assertThat(chosen(environment, "https://data.example.org/x")).isEqualTo(Proxy.NO_PROXY);
  }

  @Test
  void select_hostOnlyEndsLikeAnException_goesThroughTheProxy() {
    var environment = Map.of("HTTPS_PROXY", "127.0.0.1:1", "NO_PROXY", "ample.org");

    assertThat(chosen(environment, "https://example.org/x").type()).isEqualTo(Proxy.Type.HTTP);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://user:secret@proxy:1", "http://", "a b", "proxy:99999"})
  void new_proxyOfAnotherForm_isRefusedWithoutRepeatingIt(String proxy) {
    assertThatThrownBy(() -> proxies(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(MerlonException.class)
        .hasMessageContaining("http://HOST:PORT")
        .hasMessageNotContaining("secret");
  }

  private static Proxy chosen(Map<String, String> environment, String place) {
    return proxies(environment).select(URI.create(place)).get(0);
  }

  private static EnvironmentProxies proxies(Map<String, String> environment) {
    return new EnvironmentProxies(
        environment,
        new ProxySelector() {
          @Override
          public List<Proxy> select(URI place) {
            return List.of(JAVA);
          }

          @Override
          public void connectFailed(URI place, SocketAddress proxy, IOException problem) {}
        });
  }
}
