/* A stand-in for ModemManager on the bus of a test: one modem with a SIM and a serving cell, which a line on standard input
 * changes: ok, missing, locked, roaming, gone, hang, guarded (Reset is refused; elsewhere it changes the model); `vanish` takes it away in the middle of the next question but one.
 * Interfaces and values: the D-Bus reference of ModemManager 1.20.
 * Build: gcc -O1 -o modem-manager modem-manager.c -lsystemd */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <poll.h>
#include <unistd.h>
#include <systemd/sd-bus.h>

#define ROOT "/org/freedesktop/ModemManager1"
#define MODEM ROOT "/Modem/0"
#define NAME "org.freedesktop.ModemManager1"

enum { FAILED = -1, LOCKED = 2, CONNECTED = 11 };
enum { SIM_MISSING = 2, LOCK_NONE = 1, LOCK_PIN = 2, HOME = 1, ROAMING = 5, PORT_NET = 2, PORT_QMI = 6, LTE = 1 << 14 };

static struct {
  int32_t state;
  uint32_t failed, lock, registration, technology, rate, zero;
  const char *sim, *maker, *model, *port, *operator_name, *operator_code, *empty, *root;
} modem;

static sd_bus_slot *slots[4];
static int questions_left = -1;
static int guarded;

static void well(void) {
  modem = (typeof(modem)){.state = CONNECTED, .lock = LOCK_NONE, .registration = HOME, .technology = LTE, .rate = 10,
                          .sim = ROOT "/SIM/0", .maker = "Quectel", .model = "EC25", .port = "cdc-wdm0",
                          .operator_name = "Viettel \x1b[31m", .operator_code = "45204", .empty = "", .root = "/"};
}

#define GETTER(name) \
  static int name(sd_bus *bus, const char *path, const char *interface, const char *property, sd_bus_message *m, void *data, sd_bus_error *error)

GETTER(get_text) { return sd_bus_message_append(m, "s", *(const char **)data); }
GETTER(get_path) { return sd_bus_message_append(m, "o", *(const char **)data); }
GETTER(get_ports) { return sd_bus_message_append(m, "a(su)", 2, "cdc-wdm0", PORT_QMI, "wwan0", PORT_NET); }
GETTER(no_numbers) { return sd_bus_message_append(m, "au", 0); }
GETTER(no_words) { return sd_bus_message_append(m, "as", 0); }
GETTER(no_paths) { return sd_bus_message_append(m, "ao", 0); }
GETTER(no_retries) { return sd_bus_message_append(m, "a{uu}", 0); }
GETTER(no_modes) { return sd_bus_message_append(m, "a(uu)", 0); }
GETTER(no_settings) { return sd_bus_message_append(m, "a{sv}", 0); }
GETTER(no_options) { return sd_bus_message_append(m, "a(ubay)", 0); }
GETTER(any_mode) { return sd_bus_message_append(m, "(uu)", 0, 0); }
GETTER(get_quality) { return sd_bus_message_append(m, "(ub)", 62, 1); }
GETTER(get_cell) {
  return sd_bus_message_append(m, "a{sv}", 4, "rssi", "d", -67.0, "rsrq", "d", -11.0, "rsrp", "d", -95.0, "snr", "d", 12.6);
}

static int on_reset(sd_bus_message *m, void *data, sd_bus_error *error) {
  if (guarded) return sd_bus_error_set(error, NAME ".Error.Core.Unauthorized", "PolicyKit authorization failed");
  modem.model = "EC25 anew";
  return sd_bus_reply_method_return(m, "");
}

#define AT(member) offsetof(typeof(modem), member)
static const sd_bus_vtable manager_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Version", "s", get_text, AT(empty), 0),
    SD_BUS_VTABLE_END};
static const sd_bus_vtable modem_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Reset", "", "", on_reset, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_PROPERTY("State", "i", NULL, AT(state), SD_BUS_VTABLE_PROPERTY_EMITS_CHANGE),
    SD_BUS_PROPERTY("StateFailedReason", "u", NULL, AT(failed), 0),
    SD_BUS_PROPERTY("UnlockRequired", "u", NULL, AT(lock), 0),
    SD_BUS_PROPERTY("AccessTechnologies", "u", NULL, AT(technology), 0),
    SD_BUS_PROPERTY("Sim", "o", get_path, AT(sim), 0),
    SD_BUS_PROPERTY("Manufacturer", "s", get_text, AT(maker), 0),
    SD_BUS_PROPERTY("Model", "s", get_text, AT(model), 0),
    SD_BUS_PROPERTY("PrimaryPort", "s", get_text, AT(port), 0),
    SD_BUS_PROPERTY("Ports", "a(su)", get_ports, 0, 0),
    SD_BUS_PROPERTY("SignalQuality", "(ub)", get_quality, 0, 0),
    /* mmcli takes for granted that these are there. */
    SD_BUS_PROPERTY("SimSlots", "ao", no_paths, 0, 0),
    SD_BUS_PROPERTY("PrimarySimSlot", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("Bearers", "ao", no_paths, 0, 0),
    SD_BUS_PROPERTY("SupportedCapabilities", "au", no_numbers, 0, 0),
    SD_BUS_PROPERTY("CurrentCapabilities", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("MaxBearers", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("MaxActiveBearers", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("Revision", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("CarrierConfiguration", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("CarrierConfigurationRevision", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("HardwareRevision", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("DeviceIdentifier", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("Device", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("Drivers", "as", no_words, 0, 0),
    SD_BUS_PROPERTY("Plugin", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("EquipmentIdentifier", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("UnlockRetries", "a{uu}", no_retries, 0, 0),
    SD_BUS_PROPERTY("OwnNumbers", "as", no_words, 0, 0),
    SD_BUS_PROPERTY("PowerState", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("SupportedModes", "a(uu)", no_modes, 0, 0),
    SD_BUS_PROPERTY("CurrentModes", "(uu)", any_mode, 0, 0),
    SD_BUS_PROPERTY("SupportedBands", "au", no_numbers, 0, 0),
    SD_BUS_PROPERTY("CurrentBands", "au", no_numbers, 0, 0),
    SD_BUS_PROPERTY("SupportedIpFamilies", "u", NULL, AT(zero), 0),
    SD_BUS_VTABLE_END};
static const sd_bus_vtable cell_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("RegistrationState", "u", NULL, AT(registration), 0),
    SD_BUS_PROPERTY("OperatorName", "s", get_text, AT(operator_name), 0),
    SD_BUS_PROPERTY("OperatorCode", "s", get_text, AT(operator_code), 0),
    SD_BUS_PROPERTY("Imei", "s", get_text, AT(empty), 0),
    SD_BUS_PROPERTY("EnabledFacilityLocks", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("SubscriptionState", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("EpsUeModeOperation", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("PacketServiceState", "u", NULL, AT(zero), 0),
    SD_BUS_PROPERTY("InitialEpsBearer", "o", get_path, AT(root), 0),
    SD_BUS_PROPERTY("InitialEpsBearerSettings", "a{sv}", no_settings, 0, 0),
    SD_BUS_PROPERTY("Nr5gRegistrationSettings", "a{sv}", no_settings, 0, 0),
    SD_BUS_PROPERTY("Pco", "a(ubay)", no_options, 0, 0),
    SD_BUS_VTABLE_END};
static const sd_bus_vtable signal_table[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_PROPERTY("Rate", "u", NULL, AT(rate), 0),
    SD_BUS_PROPERTY("Lte", "a{sv}", get_cell, 0, 0),
    SD_BUS_VTABLE_END};

static void die(const char *what, int code) {
  if (code >= 0) return;
  fprintf(stderr, "%s: %s\n", what, strerror(-code));
  exit(1);
}

static void come(sd_bus *bus) {
  die("modem", sd_bus_add_object_vtable(bus, &slots[0], MODEM, NAME ".Modem", modem_table, &modem));
  die("3gpp", sd_bus_add_object_vtable(bus, &slots[1], MODEM, NAME ".Modem.Modem3gpp", cell_table, &modem));
  die("signal", sd_bus_add_object_vtable(bus, &slots[2], MODEM, NAME ".Modem.Signal", signal_table, &modem));
}

static void go(void) {
  for (int i = 0; i < 3; i++) slots[i] = sd_bus_slot_unref(slots[i]);
}

/* Every mmcli asks for all objects first. */
static int on_message(sd_bus_message *m, void *data, sd_bus_error *error) {
  if (sd_bus_message_is_method_call(m, "org.freedesktop.DBus.ObjectManager", "GetManagedObjects") && questions_left >= 0)
    if (questions_left-- == 0) go();
  return 0;
}

static void obey(const char *order) {
  well();
  guarded = !strcmp(order, "guarded");
  if (!strcmp(order, "missing")) modem.state = FAILED, modem.failed = SIM_MISSING, modem.sim = "/";
  else if (!strcmp(order, "locked")) modem.state = LOCKED, modem.lock = LOCK_PIN;
  else if (!strcmp(order, "roaming")) modem.registration = ROAMING;
  else if (!strcmp(order, "gone")) go();
  else if (!strcmp(order, "vanish")) questions_left = 1;
  else if (!strcmp(order, "hang")) { puts("done"); fflush(stdout); pause(); }
  puts("done");
  fflush(stdout);
}

int main(void) {
  sd_bus *bus = NULL;
  char line[64];
  well();
  setvbuf(stdin, NULL, _IONBF, 0);
  die("bus", sd_bus_open_system(&bus));
  die("manager", sd_bus_add_object_manager(bus, NULL, ROOT));
  die("root", sd_bus_add_object_vtable(bus, NULL, ROOT, NAME, manager_table, &modem));
  die("filter", sd_bus_add_filter(bus, NULL, on_message, NULL));
  come(bus);
  die("name", sd_bus_request_name(bus, NAME, 0));
  puts("ready");
  fflush(stdout);
  for (;;) {
    struct pollfd fds[] = {{.fd = sd_bus_get_fd(bus), .events = sd_bus_get_events(bus)}, {.fd = 0, .events = POLLIN}};
    int handled = sd_bus_process(bus, NULL);
    die("process", handled);
    if (handled > 0) continue;
    fds[0].events = sd_bus_get_events(bus);
    die("poll", poll(fds, 2, -1));
    if (fds[1].revents) {
      if (!fgets(line, sizeof line, stdin)) return 0;
      line[strcspn(line, "\n")] = 0;
      obey(line);
    }
  }
}
