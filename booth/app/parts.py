"""Builds the parts of an engine, none running yet. Source, clock and screen are the caller's choice."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from booth.app.fault_state import FaultState
from booth.app.feed import AnalysisFeed, ThreadedFeed
from booth.app.health_monitor import HealthMonitor, Machine, NullHealthMonitor
from booth.app.hooks import Hooks
from booth.app.look_catalog import LookCatalog
from booth.app.look_grid import LookGrid
from booth.app.operator.camera_choice import CameraSwitcher, OneCamera
from booth.app.operator.gallery import Gallery
from booth.app.operator.look_pictures import LookPictures
from booth.app.operator.mail_editor import PASSWORD_FILE, MailEditor
from booth.app.operator.operator_page import Cameras, OperatorPage, PageSources
from booth.app.operator.pin import PIN_FILE, PinPad
from booth.app.operator.profile_file import ProfileFile
from booth.app.operator.settings import SettingsScope, brand_folders
from booth.app.plugins import hook_acts, look_folders
from booth.app.practice import Practice
from booth.app.review import Review
from booth.app.screen import Screen
from booth.app.try_on import TryOn
from booth.app.vitals import NoHealth
from booth.app.watchdog import Watchdog
from booth.config.params import Params
from booth.core.clock import Clock, WallClock, suspended_s
from booth.core.paths import config_folder, data_folder, sessions_folder
from booth.delivery.delivery_flow import DeliveryFlow
from booth.delivery.delivery_service import DeliveryService
from booth.delivery.portrait_folder import LOW_BYTES, PortraitFolder
from booth.looks.look import Look, load_look
from booth.looks.preview import PreviewRenderer
from booth.looks.quality import QualityController
from booth.looks.recommend.advisor import Advisor
from booth.looks.recommend.kept_counts import kept_counts
from booth.office.people_list import Person
from booth.office.reception import Reception
from booth.session.capture_controller import CaptureController, Gate
from booth.session.exposure_lock import ExposureLock
from booth.session.flash_calibration import FlashCalibration
from booth.session.runtime_facts import free_bytes

if TYPE_CHECKING:
    from booth.app.health import HealthEndpoint


@dataclass(frozen=True, slots=True)
class Folders:
    """Where an engine writes: the store and counts, sessions while they last, keys and the PIN."""

    data: Path = field(default_factory=data_folder)
    sessions: Path = field(default_factory=sessions_folder)
    config: Path = field(default_factory=config_folder)

    @classmethod
    def below(cls, folder: Path) -> Folders:
        """Return folders of one's own below `folder`, for a run that must touch nothing else."""
        return cls(folder / "data", folder / "sessions", folder / "config")


@dataclass(frozen=True, slots=True, eq=False)
class EngineSetup:
    """Everything in which the window, a replay and the bench differ."""

    feed: AnalysisFeed
    screen: Screen
    clock: Clock = field(default_factory=WallClock)
    folders: Folders = field(default_factory=Folders)
    develops: bool = True  # False: the mirror's picture stands for the portrait, nothing is developed
    in_turn: bool = False  # True: develop on the caller's thread, so that the same source gives the same run
    judges_always: bool = False  # True: the coach judges frames during the review too, for the log
    controls_quality: bool = True  # give up effect quality where the machine is slow
    keeps_body: bool = False  # read the body as long as faces are judged, whether or not a pose guide asks: to time it
    stands_in: bool = False  # the demo sitter stands in for a camera that is missing, and the screen says so
    people: tuple[Person, ...] | None = None  # an office run's list
    gate: Gate | None = None  # a further condition on each frame, where no office run brings one


@dataclass(frozen=True, slots=True, eq=False)
class MirrorParts:
    """Parts that make the mirror's picture."""

    preview: PreviewRenderer
    catalog: LookCatalog
    look_grid: LookGrid
    advisor: Advisor
    practice: Practice
    try_on: TryOn
    flash_calibration: FlashCalibration


@dataclass(frozen=True, slots=True, eq=False)
class PortraitParts:
    """From coaching to the delivery."""

    capture_controller: CaptureController
    exposure: ExposureLock
    review: Review
    folder: PortraitFolder
    service: DeliveryService
    flow: DeliveryFlow
    reception: Reception | None  # of an office run


@dataclass(frozen=True, slots=True, eq=False)
class UpkeepParts:
    """Monitoring, quality control and the operator's page."""

    fault_state: FaultState
    health: HealthEndpoint | NoHealth
    hooks: Hooks
    quality: QualityController
    operator_page: OperatorPage


def mirror_parts(params: Params, look: Look, exposure: ExposureLock, *, is_threaded: bool) -> MirrorParts:
    """Build what shows the sitter in looks."""
    catalog = LookCatalog(params, look_folders(params))
    preview = PreviewRenderer(look, is_threaded=is_threaded)
    return MirrorParts(
        preview=preview,
        catalog=catalog,
        look_grid=LookGrid(catalog.offered, look),
        advisor=Advisor(catalog.offered, kept_counts(params)),
        practice=Practice(),
        try_on=TryOn(params.screen.accent),
        flash_calibration=FlashCalibration(params.screen, preview, exposure.hold),
    )


def portrait_parts(params: Params, look: Look, setup: EngineSetup) -> PortraitParts:
    """Build what takes, develops and delivers; opens the store."""
    service = DeliveryService(params.deliver, setup.folders.data, review=params.review, screen=params.screen)
    reception = None if setup.people is None else Reception(params, look, setup.people, service)
    return PortraitParts(
        capture_controller=CaptureController(params.guidance, look, reception.gate if reception else setup.gate),
        exposure=ExposureLock(params.capture, setup.feed.ask),
        review=Review(params, develops=setup.develops, in_turn=setup.in_turn, is_set=setup.people is not None),
        folder=PortraitFolder(params.deliver),
        service=service,
        flow=DeliveryFlow(service, params.deliver),
        reception=reception,
    )


def _health(params: Params, clock: Clock) -> HealthEndpoint | NoHealth:
    """Build the monitoring endpoint where the profile wants one; a web server takes a third of a second to load."""
    if not params.health.on:
        return NoHealth()
    from booth.app.health import HealthEndpoint

    return HealthEndpoint(params.health, clock.now_s)


def upkeep_parts(params: Params, setup: EngineSetup, mirror: MirrorParts, portrait: PortraitParts) -> UpkeepParts:
    """Build what watches the machine and serves the operator."""
    feed = setup.feed
    machine = Machine(lambda: free_bytes(portrait.folder.folder), suspended_s, LOW_BYTES, portrait.service.make_room)
    scope = SettingsScope(params, looks=mirror.catalog.every, size_px=setup.screen.size, brands=brand_folders())
    if isinstance(feed, ThreadedFeed):
        cameras: Cameras = CameraSwitcher(feed.capture, params.capture)
        monitor: HealthMonitor | NullHealthMonitor = HealthMonitor(feed.capture, feed.perception, machine)
    else:
        cameras, monitor = OneCamera(params.capture), NullHealthMonitor()
    pictures = LookPictures(lambda name: load_look(name, look_folders(params)))
    mail = MailEditor(setup.folders.config / PASSWORD_FILE)
    sources = PageSources(Gallery(portrait.service), pictures, mail=mail)
    pin = PinPad(setup.folders.config / PIN_FILE)
    return UpkeepParts(
        fault_state=FaultState(monitor, Watchdog()),
        health=_health(params, setup.clock),
        hooks=Hooks(params.hooks, hook_acts(params)),
        quality=QualityController(params.capture.fps),
        operator_page=OperatorPage(pin, ProfileFile.of(None), scope, cameras, sources),
    )
