package dev.merlon.tests.planted.model.network;

import java.sql.Connection;
import java.sql.SQLException;

/** Touches a database outside of the store's package. */
public final class NetworkThatStores {
  private NetworkThatStores() {}

  /** What it may not know. */
  public static void commit(Connection connection) throws SQLException {
    connection.commit();
  }
}
