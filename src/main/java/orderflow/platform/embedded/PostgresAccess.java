package orderflow.platform.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Who may do what in the embedded PostgreSQL. The application's role owns the application's
 * database and logs in by password. The superuser, who could run programs as this process's user,
 * does not log in at all: its statements are run in single-user mode while the server is down.
 */
final class PostgresAccess {

  static final String USER = "orderflow";
  static final String DATABASE = "orderflow";
  static final String SUPERUSER = "postgres";

  private static final String FIRST_LINE =
      "# Written by Orderflow: logins by password alone, form 1";

  private static final String LOGINS =
      FIRST_LINE
          + """

          # The superuser has no line here, so it cannot log in.
          host all %s %s/32 scram-sha-256
          """
              .formatted(USER, Loopback.ADDRESS);

  /**
   * In the version before, the application's role was the one that the cluster was made with, which
   * PostgreSQL never deprives of a superuser's rights. It gets another name, and the application a
   * new role. A role cannot be renamed in a session of its own.
   */
  private static final String ROLES =
      """
      do $$
      declare
        made_with constant text := (select rolname from pg_roles where oid = 10);
        superuser constant text := case when exists (select from pg_roles where rolname = 'postgres')
          then 'postgres_of_orderflow' else 'postgres' end;
      begin
        if made_with = 'orderflow' then
          create role orderflow_renames superuser;
          set session authorization orderflow_renames;
          execute format('alter role orderflow rename to %%I', superuser);
          execute format('set session authorization %%I', superuser);
          drop role orderflow_renames;
        end if;
        if not exists (select from pg_roles where rolname = 'orderflow') then
          create role orderflow;
        end if;
        alter role orderflow with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls
          password '%s';
      end $$;

      select datname from pg_database where datname = 'orderflow';
      """;

  static final String MAKE_DATABASE = "create database orderflow owner orderflow;\n";

  /** For the application's database: all that is not PostgreSQL's own. */
  static final String OWN_EVERYTHING =
      """
      do $$
      declare
        change text;
      begin
        alter database orderflow owner to orderflow;
        for change in
          with own as (
            select oid, nspname from pg_namespace
            where nspname <> 'information_schema' and nspname !~ '^pg_'
          )
          select format('alter schema %I owner to orderflow', nspname) from own where nspname <> 'public'
          union all
          select format('alter table %s owner to orderflow', c.oid::regclass)
          from pg_class as c join own on own.oid = relnamespace
          where relkind in ('r', 'p', 'v', 'm', 'f')
          union all
          select format('alter sequence %s owner to orderflow', c.oid::regclass)
          from pg_class as c join own on own.oid = relnamespace
          where relkind = 'S' and not exists (
            select from pg_depend as d
            where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i'))
          union all
          select format('alter routine %s owner to orderflow', p.oid::regprocedure)
          from pg_proc as p join own on own.oid = pronamespace
          union all
          select format('alter type %s owner to orderflow', t.oid::regtype)
          from pg_type as t join own on own.oid = typnamespace left join pg_class as c on c.oid = typrelid
          where typtype in ('d', 'e', 'r') or c.relkind = 'c'
        loop
          execute change;
        end loop;
      end $$;
      """;

  private PostgresAccess() {}

  /**
   * Makes the application's role, and says whether its database is there ({@link
   * #namesTheDatabase}).
   *
   * @param password without quotes and backslashes
   */
  static String roles(String password) {
    return ROLES.formatted(password);
  }

  /** Whether the answer to {@link #roles} names the application's database. */
  static boolean namesTheDatabase(String answer) {
    return answer.contains("datname = \"" + DATABASE + "\"");
  }

  static boolean isSetUpIn(Path cluster) throws IOException {
    return Files.readString(cluster.resolve("pg_hba.conf")).startsWith(FIRST_LINE);
  }

  /** The last step of a set-up: a start cut short before it sets all up again. */
  static void shutOthersOut(Path cluster, UnprivilegedUser user) throws IOException {
    Path making = cluster.resolve("pg_hba.conf.new");
    Files.writeString(making, LOGINS);
    if (cluster.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(making, PosixFilePermissions.fromString("rw-------"));
    }
    user.give(making);
    Files.move(making, cluster.resolve("pg_hba.conf"), StandardCopyOption.ATOMIC_MOVE);
  }
}
