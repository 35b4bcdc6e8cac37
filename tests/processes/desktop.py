"""What a desktop has and a test machine has not: a tray, a place for notifications, and somebody who
says that the screen is locked."""

import os

from gi.repository import Gio, GLib

WATCHER = "org.kde.StatusNotifierWatcher"
WATCHER_XML = f"""
<node><interface name="{WATCHER}">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <method name="RegisterStatusNotifierHost"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
  <signal name="StatusNotifierItemRegistered"><arg type="s"/></signal>
  <signal name="StatusNotifierHostRegistered"/>
</interface></node>
"""
NOTIFICATIONS = "org.freedesktop.Notifications"
NOTIFICATIONS_XML = f"""
<node><interface name="{NOTIFICATIONS}">
  <method name="Notify">
    <arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
    <arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/>
    <arg type="a{{sv}}" direction="in"/><arg type="i" direction="in"/><arg type="u" direction="out"/>
  </method>
  <method name="GetCapabilities"><arg type="as" direction="out"/></method>
  <method name="GetServerInformation">
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
    <arg type="s" direction="out"/><arg type="s" direction="out"/>
  </method>
  <method name="CloseNotification"><arg type="u" direction="in"/></method>
</interface></node>
"""
ITEM, MENU = "org.kde.StatusNotifierItem", "com.canonical.dbusmenu"
ANSWER_MS = 5_000


class Desktop:
    def __init__(self):
        self.buses = {}
        self.items = []  # (bus name, object path)
        self.notified = []  # (title, body)

    def bus(self, which):
        if which not in self.buses:
            address = os.environ[f"DBUS_{which.upper()}_BUS_ADDRESS"]
            flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT
            flags |= Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
            self.buses[which] = Gio.DBusConnection.new_for_address_sync(address, flags, None, None)
        return self.buses[which]

    def call(self, which, name, path, interface, method, arguments):
        return self.bus(which).call_sync(
            name, path, interface, method, arguments, None, Gio.DBusCallFlags.NONE, ANSWER_MS, None
        )

    def own(self, which, name):
        arguments = GLib.Variant("(su)", (name, 4))
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus")
        (is_owner,) = self.call(which, *bus, "RequestName", arguments).unpack()
        if is_owner != 1:
            raise OSError(f"{name} has another owner")

    def emit(self, which, path, interface, member, flag):
        """A signal, with one flag or (None) nothing in it."""
        body = None if flag is None else GLib.Variant("(b)", (flag,))
        self.bus(which).emit_signal(None, path, interface, member, body)
        self.bus(which).flush_sync(None)

    def is_heard(self, which, interface):
        bus = ("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus.Debug.Stats")
        (rules,) = self.call(which, *bus, "GetAllMatchRules", None).unpack()
        return any(interface in rule for rules_of_one in rules.values() for rule in rules_of_one)

    def watch_trays(self):
        interface = Gio.DBusNodeInfo.new_for_xml(WATCHER_XML).interfaces[0]
        properties = {
            "RegisteredStatusNotifierItems": GLib.Variant("as", []),
            "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
            "ProtocolVersion": GLib.Variant("i", 0),
        }

        def called(_bus, sender, _path, _interface, method, arguments, invocation):
            if method == "RegisterStatusNotifierItem":
                (said,) = arguments.unpack()
                self.items.append((sender, said) if said.startswith("/") else (said, "/StatusNotifierItem"))
            invocation.return_value(None)

        self.bus("session").register_object(
            "/StatusNotifierWatcher", interface, called, lambda *about: properties[about[4]], None
        )
        self.own("session", WATCHER)

    def watch_notifications(self):
        interface = Gio.DBusNodeInfo.new_for_xml(NOTIFICATIONS_XML).interfaces[0]

        def called(_bus, _sender, _path, _interface, method, arguments, invocation):
            answers = {
                "GetCapabilities": GLib.Variant("(as)", (["body"],)),
                "GetServerInformation": GLib.Variant("(ssss)", ("test", "test", "1", "1.2")),
            }
            if method == "Notify":
                said = arguments.unpack()
                self.notified.append((said[3], said[4]))
                answers[method] = GLib.Variant("(u)", (len(self.notified),))
            invocation.return_value(answers.get(method))

        self.bus("session").register_object("/org/freedesktop/Notifications", interface, called, None, None)
        self.own("session", NOTIFICATIONS)

    def layout(self):
        """Ids and labels of the newest tray's menu, and where it is; None if there is none."""
        if not self.items:
            return None
        name, path = self.items[-1]
        arguments = GLib.Variant("(ss)", (ITEM, "Menu"))
        (menu,) = self.call("session", name, path, "org.freedesktop.DBus.Properties", "Get", arguments).unpack()
        arguments = GLib.Variant("(iias)", (0, -1, []))
        _, (_, _, children) = self.call("session", name, menu, MENU, "GetLayout", arguments).unpack()
        return name, menu, [(number, about) for number, about, _ in children]

    def menu(self, words):
        found = self.layout()
        labels = [about.get("label", "") for _, about in found[2]] if found else []
        return labels if any(words in label for label in labels) else None

    def entry(self, label):
        """Where the entry of that label is: its bus name, menu and id; None if there is none."""
        name, menu, entries = self.layout() or (None, None, [])
        return next(((name, menu, number) for number, about in entries if about.get("label") == label), None)

    def choose(self, name, menu, number):
        arguments = GLib.Variant("(isvu)", (number, "clicked", GLib.Variant("i", 0), 0))
        # No answer is waited for: “Quit” may end the other side before it gives one.
        bus = self.bus("session")
        bus.call(name, menu, MENU, "Event", arguments, None, Gio.DBusCallFlags.NONE, ANSWER_MS, None, None)
        bus.flush_sync(None)
