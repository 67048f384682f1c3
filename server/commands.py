"""What the operator does on the command line: scripts/admin."""

import pathlib
import uuid

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import Progress, track

from server.domain.refusals import Refusal
from server.services import certificates, due, programme
from server.services.work import Call

console = Console()


def register(app: Flask) -> None:
    """Give the application its commands."""
    for command in (create_organisation, name_owner, recount, run_due, export_certificates):
        app.cli.add_command(command)


def _call() -> Call:
    world = current_app.extensions["tangying"]
    return Call(world, world.clock.now(), f"command-{uuid.uuid4().hex}")


@click.command("create-organisation")
@click.argument("name")
@click.option("--admin", type=click.UUID, help="管理员的编号（GET /people/me 里的 id）；不给就生成一个邀请码")
@with_appcontext
def create_organisation(name: str, admin: uuid.UUID | None) -> None:
    """新建机构"""
    try:
        made = programme.create_organisation(_call(), name, admin)
    except Refusal as refusal:
        raise click.ClickException(refusal.says()) from None
    console.print(f"已新建机构“{made['name']}”，编号 {made['id']}。")
    if made["code"]:
        console.print(f"管理员邀请码：[bold]{made['code']}[/bold]（7 天内有效，登录后在“我的角色”里输入，只能用一次）")


@click.command("name-owner")
@click.argument("person", type=click.UUID)
@with_appcontext
def name_owner(person: uuid.UUID) -> None:
    """指定平台所有者"""
    try:
        programme.name_owner(_call(), person)
    except Refusal as refusal:
        raise click.ClickException(refusal.says()) from None
    console.print("已指定。")


@click.command("recount")
@click.option("--mend", is_flag=True, help="把不对的改对；不加就只核对")
@with_appcontext
def recount(*, mend: bool) -> None:
    """逐人核对打卡、积分和榜单，与记录是否一致"""
    wrong = 0
    call = _call()
    for enrolment_id in track(programme.members(call), "核对中"):
        faults = programme.recount(call, enrolment_id, mend=mend)
        wrong += bool(faults)
        for fault in faults:
            console.print(f"{enrolment_id}: {fault}")
    console.print(f"核对完毕，{wrong} 人不一致{'，已改正' if wrong and mend else ''}。")
    uneven = 0
    for camp_id in programme.camps(call):
        faults = programme.recount_scores(call, camp_id, mend=mend)
        uneven += bool(faults)
        for fault in faults:
            console.print(f"camp {camp_id}: {fault}")
    console.print(f"{uneven} 个训练营的名次计数不一致{'，已改正' if uneven and mend else ''}。")
    if (wrong or uneven) and not mend:
        raise click.exceptions.Exit(1)


@click.command("run-due")
@with_appcontext
def run_due() -> None:
    """把到点该做的都做了（由系统定时器每几分钟调用一次）"""
    for job, done in due.run(_call()).items():
        console.print(f"{job}: {done}")


@click.command("export-certificates")
@click.option("--camp", type=click.UUID, help="训练营的编号")
@click.option("--class", "group", type=click.UUID, help="班级的编号")
@click.option("--format", "form", type=click.Choice(["zip", "xlsx", "csv"]), default="zip", show_default=True)
@click.option("--purpose", required=True, help="为什么导出，会写进审计记录")
@click.option("--to", "path", type=click.Path(dir_okay=False, path_type=pathlib.Path), required=True, help="写到哪个文件")
@with_appcontext
def export_certificates(camp: uuid.UUID | None, group: uuid.UUID | None, form: str, purpose: str, path: pathlib.Path) -> None:
    """导出一个营或一个班的证书，边写边显示进度"""
    if path.exists():
        raise click.ClickException(f"{path} 已经有了，请换一个文件名。")
    try:
        with Progress(console=console) as progress:
            task = progress.add_task("导出中", total=None)
            for done, total in certificates.export_by_hand(_call(), camp, group, form, purpose, path):
                progress.update(task, completed=done, total=total)
    except Refusal as refusal:
        raise click.ClickException(refusal.says()) from None
    console.print(f"已写到 {path}。")
